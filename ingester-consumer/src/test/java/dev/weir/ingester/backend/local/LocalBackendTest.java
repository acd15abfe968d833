package dev.weir.ingester.backend.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.ingester.backend.Backend;
import dev.weir.ingester.backend.BackendContract;
import dev.weir.ingester.backend.BackendException;
import dev.weir.ingester.backend.BackendUnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalBackendTest extends BackendContract {
  @TempDir Path directory;

  @Override
  protected Backend open() throws BackendException {
    LocalBackend backend = new LocalBackend(directory.resolve("traces"));
    backend.open();
    return backend;
  }

  @Test
  void shouldRemoveWhatACrashLeftUnfinished() throws Exception {
    Path unfinished = directory.resolve("traces/tenant/a.segment~123");
    Files.createDirectories(unfinished.getParent());
    Files.writeString(unfinished, "half");
    assertThat(open().list()).isEmpty();
    assertThat(unfinished).doesNotExist();
  }

  @Test
  void shouldNotListFilesThatAreStillWritten() throws Exception {
    Backend backend = open();
    Path unfinished = Files.writeString(directory.resolve("traces/a~1"), "half");
    assertThat(backend.list()).isEmpty();
    assertThat(unfinished).exists();
  }

  @Test
  void shouldNameADirectoryThatCannotBeUsed() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "");
    assertThatThrownBy(() -> new LocalBackend(file).open())
        .isInstanceOf(BackendUnavailableException.class)
        .hasMessageContaining(file.toString());
  }
}
