package dev.weir.streams.processor;

import java.util.Map;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.ProcessorNode;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;

/**
 * Runs an action before every commit of a task, inside the transaction that commits its offsets: on
 * the commit interval, on request, before a rebalance takes the task away, and when it closes.
 * Kafka Streams has no public callback for that; it is a store without content whose cache "flush"
 * is the action. Of all classes this is the only one that touches internals of Kafka Streams;
 * {@code docs/adr/0004} compares the public ways.
 *
 * <p>Called by the stream thread that owns the task.
 */
final class CommitHook implements StateStore, CachedStateStore<byte[], byte[]> {
  private final String name;
  private Runnable action = CommitHook::nothing;
  private boolean open;

  private CommitHook(String name) {
    this.name = name;
  }

  private static void nothing() {}

  /** The hook as a store to add to a processor. */
  static StoreBuilder<CommitHook> builder(String name) {
    return new Builder(name);
  }

  /**
   * Sets the action; what it forwards goes to the children of the processor in whose {@code init}
   * this is called.
   */
  void beforeCommit(ProcessorContext<?, ?> context, Runnable action) {
    InternalProcessorContext<?, ?> internal = (InternalProcessorContext<?, ?>) context;
    ProcessorNode<?, ?, ?, ?> node = internal.currentNode();
    this.action =
        () -> {
          ProcessorNode<?, ?, ?, ?> previous = internal.currentNode();
          internal.setCurrentNode(node);
          try {
            action.run();
          } finally {
            internal.setCurrentNode(previous);
          }
        };
  }

  @Override
  public void flushCache() {
    action.run();
  }

  /** The task is recycled: nothing may be written any more. */
  @Override
  public void clearCache() {
    action = CommitHook::nothing;
  }

  @Override
  public boolean setFlushListener(
      CacheFlushListener<byte[], byte[]> listener, boolean sendOldValues) {
    return false;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    context.register(root, (key, value) -> {});
    open = true;
  }

  @Override
  public void close() {
    action = CommitHook::nothing;
    open = false;
  }

  @Override
  public boolean persistent() {
    return false;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  /** Neither cached nor logged: there is nothing in it. */
  private record Builder(String name) implements StoreBuilder<CommitHook> {
    @Override
    public StoreBuilder<CommitHook> withCachingEnabled() {
      return this;
    }

    @Override
    public StoreBuilder<CommitHook> withCachingDisabled() {
      return this;
    }

    @Override
    public StoreBuilder<CommitHook> withLoggingEnabled(Map<String, String> config) {
      throw new UnsupportedOperationException("the hook before the commit has no content to log");
    }

    @Override
    public StoreBuilder<CommitHook> withLoggingDisabled() {
      return this;
    }

    @Override
    public CommitHook build() {
      return new CommitHook(name);
    }

    @Override
    public Map<String, String> logConfig() {
      return Map.of();
    }

    @Override
    public boolean loggingEnabled() {
      return false;
    }
  }
}
