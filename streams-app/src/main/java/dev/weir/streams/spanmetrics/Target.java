package dev.weir.streams.spanmetrics;

import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.otlp.AnyValueText;
import dev.weir.schemas.otlp.AttributeKeys;
import dev.weir.schemas.otlp.AttributeValues;
import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.ResourceView;
import dev.weir.streams.series.ValueRules;
import java.util.List;

/**
 * What process spans come from: a job, which is the service behind its namespace, and an instance
 * of it. Not thread-safe.
 */
final class Target {

  /** The attributes that say so. */
  static final List<String> KEYS =
      List.of("service.name", "service.namespace", "service.instance.id");

  private static final int NAME = 0;
  private static final int NAMESPACE = 1;
  private static final int INSTANCE = 2;

  private final boolean hasInstance;
  private final AttributeValues values = new AttributeValues(new AttributeKeys(KEYS));
  private final AnyValueText text;
  private final ByteWriter job = new ByteWriter(64);
  private final ByteWriter instance = new ByteWriter(64);

  Target(boolean hasInstance, ValueRules rules) {
    this.text = new AnyValueText(rules.jsonLists());
    this.hasInstance = hasInstance;
  }

  void resource(ResourceView resource) throws MalformedOtlpException {
    resource.findAttributes(values);
    append(NAMESPACE, job.truncate(0));
    if (job.length() > 0) {
      job.u8('/');
    }
    int beforeName = job.length();
    append(NAME, job);
    if (job.length() == beforeName) {
      job.truncate(0);
    }
    instance.truncate(0);
    if (hasInstance) {
      append(INSTANCE, instance);
    }
  }

  private void append(int key, ByteWriter to) throws MalformedOtlpException {
    if (values.isPresent(key)) {
      text.render(values.buffer(), values.offset(key), values.length(key));
      to.raw(text.buffer(), text.offset(), text.length());
    }
  }

  /** Empty if the service is not named. */
  ByteWriter job() {
    return job;
  }

  /** Empty if it is not named, or not wanted. */
  ByteWriter instance() {
    return instance;
  }

  boolean isEmpty() {
    return job.length() + instance.length() == 0;
  }

  /** Appends both to a key. */
  void appendTo(ByteWriter key) {
    key.prefixed(job.bytes(), 0, job.length()).prefixed(instance.bytes(), 0, instance.length());
  }
}
