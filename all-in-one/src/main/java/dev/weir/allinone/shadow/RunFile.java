package dev.weir.allinone.shadow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a run was begun with, so that one of the same name goes on after a crash. The file is there
 * if, and only if, everything was made ready.
 *
 * @param task what is computed, as far as it must be the same to go on
 * @param stretch the part of the log, resolved when the run began
 */
record RunFile(String task, Stretch stretch) {
  private static final String NAME = "run.txt";
  private static final String HEADER = "weir-run 1";

  static Optional<RunFile> read(Path directory) {
    Path file = directory.resolve(NAME);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      List<String> lines = Files.readAllLines(file);
      if (lines.size() < 2 || !lines.get(0).equals(HEADER)) {
        return Optional.empty();
      }
      SortedMap<Integer, Long> from = new TreeMap<>();
      SortedMap<Integer, Long> to = new TreeMap<>();
      for (String line : lines.subList(2, lines.size())) {
        String[] parts = line.split(" ", -1);
        from.put(Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
        to.put(Integer.parseInt(parts[0]), Long.parseLong(parts[2]));
      }
      return Optional.of(new RunFile(lines.get(1), new Stretch(from, to)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void write(Path directory) {
    StringBuilder text = new StringBuilder(HEADER).append('\n').append(task).append('\n');
    stretch
        .from()
        .forEach(
            (partition, offset) ->
                text.append(partition)
                    .append(' ')
                    .append(offset)
                    .append(' ')
                    .append(stretch.end(partition))
                    .append('\n'));
    try {
      Path part = Files.writeString(directory.resolve(NAME + ".part"), text);
      Files.move(part, directory.resolve(NAME), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
