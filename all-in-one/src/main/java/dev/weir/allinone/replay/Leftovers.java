package dev.weir.allinone.replay;

import dev.weir.streams.config.StreamsSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;

/** What a replay leaves: its consumer group, its topics, its state. */
final class Leftovers {
  private final Map<String, Object> client;
  private final StreamsSettings replayed;

  Leftovers(Map<String, Object> client, StreamsSettings replayed) {
    this.client = client;
    this.replayed = replayed;
  }

  /**
   * Removes them; touches nothing and returns false if the group has members, so that somebody uses
   * them.
   */
  boolean remove() {
    try (Admin admin = Admin.create(client)) {
      if (!removeGroup(admin)) {
        return false;
      }
      Set<String> existing = admin.listTopics().names().get();
      admin.deleteTopics(topics().stream().filter(existing::contains).toList()).all().get();
      removeState();
      return true;
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "what a replay has left cannot be removed: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private boolean removeGroup(Admin admin) throws InterruptedException, ExecutionException {
    try {
      admin.deleteConsumerGroups(List.of(replayed.applicationId())).all().get();
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return true;
      }
      if (e.getCause() instanceof GroupNotEmptyException) {
        return false;
      }
      throw e;
    }
  }

  private List<String> topics() {
    String application = replayed.applicationId();
    return List.of(
        replayed.samples().name(),
        replayed.ledger().name(),
        replayed.deadLetters().name(),
        application + "-series-deltas-repartition",
        application + "-partition-state-changelog",
        application + "-series-changelog");
  }

  private void removeState() {
    Path directory = replayed.stateDirectory();
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the replay's state in " + directory + " cannot be removed", e);
    }
  }
}
