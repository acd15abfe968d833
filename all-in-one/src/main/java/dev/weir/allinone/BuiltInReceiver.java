package dev.weir.allinone;

import dev.weir.allinone.receiver.RemoteWriteReceiver;
import dev.weir.allinone.receiver.SeriesStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens the receiver on the port it had before, since a target is known by its address. */
final class BuiltInReceiver {
  private BuiltInReceiver() {}

  /**
   * Opens it, on another port if the one it had is taken.
   *
   * @param portFile keeps the port
   */
  static RemoteWriteReceiver start(Path portFile, SeriesStore store) {
    try {
      RemoteWriteReceiver receiver = start(keptPort(portFile), store);
      Files.writeString(portFile, Integer.toString(receiver.port()));
      return receiver;
    } catch (IOException e) {
      throw new UncheckedIOException("the built-in receiver cannot be opened: " + e, e);
    }
  }

  private static RemoteWriteReceiver start(int port, SeriesStore store) throws IOException {
    try {
      return RemoteWriteReceiver.start(port, store::accept);
    } catch (BindException e) {
      return RemoteWriteReceiver.start(0, store::accept);
    }
  }

  private static int keptPort(Path portFile) throws IOException {
    return Files.exists(portFile) ? Integer.parseInt(Files.readString(portFile).trim()) : 0;
  }
}
