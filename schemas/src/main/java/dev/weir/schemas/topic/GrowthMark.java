package dev.weir.schemas.topic;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * An {@link IdleMark} that says more: from here on the topic of spans has more partitions. It is
 * appended to every partition there was <em>before</em> the new ones are made. So everything in the
 * new ones is later, and whoever has read past it knows of them; a replay reads it at the same
 * place.
 *
 * @param before partitions until then
 * @param after partitions since then, more than before
 */
public record GrowthMark(int before, int after) {
  private static final String HEADER = "weir-partitions";
  private static final Pattern FORM = Pattern.compile("(\\d{1,6}) (\\d{1,6})");

  /** The mark for one partition; its time is the broker's. */
  public ProducerRecord<byte[], byte[]> forPartition(String topic, int partition, byte[] tenant) {
    ProducerRecord<byte[], byte[]> mark = IdleMark.forPartition(topic, partition, tenant);
    mark.headers().add(HEADER, "%d %d".formatted(before, after).getBytes(StandardCharsets.UTF_8));
    return mark;
  }

  /** What the headers of an idle mark say of growth; empty if they say nothing, or no sense. */
  public static Optional<GrowthMark> of(Headers headers) {
    Header header = headers.lastHeader(HEADER);
    if (header == null || header.value() == null) {
      return Optional.empty();
    }
    Matcher numbers = FORM.matcher(new String(header.value(), StandardCharsets.UTF_8));
    return numbers.matches()
        ? Optional.of(
                new GrowthMark(
                    Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2))))
            .filter(mark -> mark.before > 0 && mark.after > mark.before)
        : Optional.empty();
  }
}
