package dev.weir.allinone.shadow;

import dev.weir.allinone.state.SnapshotDirectory;
import dev.weir.streams.config.StreamsSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;

/** What a run leaves: its consumer groups, its topics, its directory. */
final class Leftovers {
  private final Map<String, Object> client;
  private final StreamsSettings application;
  private final Path directory;

  Leftovers(StreamsSettings application, Path directory) {
    this.client = application.topics().kafkaClient();
    this.application = application;
    this.directory = directory;
  }

  /** Whether its outbox is there. */
  boolean exist() {
    try (Admin admin = Admin.create(client)) {
      return admin.listTopics().names().get().contains(application.samples().name());
    } catch (ExecutionException e) {
      throw new IllegalStateException("the topics cannot be listed: " + e.getCause(), e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /**
   * Removes them; touches nothing and returns false if a group has members, so that somebody uses
   * them.
   */
  boolean remove() {
    try (Admin admin = Admin.create(client)) {
      if (!removeGroups(admin)) {
        return false;
      }
      Set<String> existing = admin.listTopics().names().get();
      admin.deleteTopics(existing.stream().filter(this::isOurs).toList()).all().get();
      if (Files.exists(directory)) {
        SnapshotDirectory.deleteAll(directory);
      }
      return true;
    } catch (ExecutionException e) {
      throw new IllegalStateException("what a run has left cannot be removed: " + e.getCause(), e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted", e);
  }

  private boolean removeGroups(Admin admin) throws InterruptedException, ExecutionException {
    String id = application.applicationId();
    List<String> groups =
        admin.listGroups(new ListGroupsOptions()).all().get().stream()
            .map(GroupListing::groupId)
            .filter(group -> group.equals(id) || group.startsWith(id + "-sender-"))
            .toList();
    for (String group : groups) {
      try {
        admin.deleteConsumerGroups(List.of(group)).all().get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof GroupNotEmptyException) {
          return false;
        }
        if (!(e.getCause() instanceof GroupIdNotFoundException)) {
          throw e;
        }
      }
    }
    return true;
  }

  private boolean isOurs(String topic) {
    return topic.equals(application.samples().name())
        || topic.equals(application.ledger().name())
        || topic.equals(application.deadLetters().name())
        || (topic.startsWith(application.applicationId() + "-")
            && (topic.endsWith("-changelog") || topic.endsWith("-repartition")));
  }
}
