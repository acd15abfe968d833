package dev.weir.ingester.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every backend must do. */
public abstract class BackendContract {
  private static final ObjectKey KEY = new ObjectKey("tenant/00001-2.segment");

  private Backend backend;

  /** An empty backend. */
  protected abstract Backend open() throws BackendException;

  @BeforeEach
  void openBackend() throws BackendException {
    backend = open();
  }

  @Test
  void shouldReadRangesOfWhatWasPut() throws Exception {
    assertThat(put(KEY, "0123456789")).isEqualTo(10);
    assertThat(get(KEY, 0, 10)).isEqualTo("0123456789");
    assertThat(get(KEY, 3, 4)).isEqualTo("3456");
    assertThat(get(KEY, 10, 0)).isEmpty();
  }

  @Test
  void shouldReplaceAnObject() throws Exception {
    put(KEY, "before");
    put(KEY, "after");
    assertThat(get(KEY, 0, 5)).isEqualTo("after");
    assertThat(backend.list()).containsExactly(new BackendEntry(KEY, 5));
  }

  @Test
  void shouldKeepTheOldObjectWhenTheNewOneFails() throws Exception {
    put(KEY, "before");
    assertThatThrownBy(
            () ->
                backend.put(
                    KEY,
                    out -> {
                      out.write(1);
                      throw new IOException("broken source");
                    }))
        .isInstanceOf(BackendUnavailableException.class)
        .hasRootCauseMessage("broken source");
    assertThat(get(KEY, 0, 6)).isEqualTo("before");
    assertThat(backend.list()).containsExactly(new BackendEntry(KEY, 6));
  }

  @Test
  void shouldListAllObjectsInOrder() throws Exception {
    ObjectKey other = new ObjectKey("other/0");
    ObjectKey top = new ObjectKey("top");
    put(top, "");
    put(KEY, "a");
    put(other, "bb");
    assertThat(backend.list())
        .isEqualTo(
            List.of(
                new BackendEntry(other, 2), new BackendEntry(KEY, 1), new BackendEntry(top, 0)));
  }

  @Test
  void shouldForgetWhatWasDeleted() throws Exception {
    put(KEY, "a");
    backend.delete(KEY);
    backend.delete(KEY);
    assertThat(backend.list()).isEmpty();
    assertThatThrownBy(() -> get(KEY, 0, 1))
        .isInstanceOf(ObjectMissingException.class)
        .hasMessageContaining(KEY.value());
  }

  @Test
  void shouldRefuseRangesOutsideTheObject() throws Exception {
    put(KEY, "abc");
    assertThatThrownBy(() -> get(KEY, 2, 2))
        .isInstanceOf(RangeOutsideObjectException.class)
        .hasMessageContaining("bytes 2 to 3")
        .hasMessageContaining("has 3");
    assertThatThrownBy(() -> get(KEY, 4, 0)).isInstanceOf(RangeOutsideObjectException.class);
  }

  @Test
  void shouldListWhileObjectsComeAndGo() throws Exception {
    ObjectKey other = new ObjectKey("tenant/other");
    put(KEY, "stays");
    CompletableFuture<Void> changes =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 200; i++) {
                change(other);
              }
            });
    do {
      assertThat(backend.list()).contains(new BackendEntry(KEY, 5));
    } while (!changes.isDone());
    changes.join();
  }

  private void change(ObjectKey key) {
    try {
      put(key, "comes and goes");
      backend.delete(key);
    } catch (BackendException e) {
      throw new IllegalStateException(e);
    }
  }

  private long put(ObjectKey key, String text) throws BackendException {
    return backend.put(key, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  private String get(ObjectKey key, long offset, int length) throws BackendException {
    return new String(backend.get(key, offset, length), StandardCharsets.UTF_8);
  }
}
