package dev.weir.streams.processor;

import dev.weir.streams.state.Stores;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;

/** Makes one processor for each task, with a store of its own and a hook before the commit. */
record TaskSupplier<K, V>(
    Supplier<Processor<K, V, PartitionedKey, byte[]>> processor,
    String stateStore,
    String commitHook)
    implements ProcessorSupplier<K, V, PartitionedKey, byte[]> {

  @Override
  public Processor<K, V, PartitionedKey, byte[]> get() {
    return processor.get();
  }

  @Override
  public Set<StoreBuilder<?>> stores() {
    // a list in this order, so that the description of the topology is always the same
    return new LinkedHashSet<>(List.of(Stores.logged(stateStore), CommitHook.builder(commitHook)));
  }
}
