package dev.weir.allinone.plan;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.Map;

/**
 * Processor time of the threads whose names contain a text, as those of a topology's threads and
 * clients contain its application id. Both runs of a plan go side by side in one process, so that
 * neither of them pays alone for the compiler's warming up. Not thread-safe.
 */
final class CpuOfThreads {
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final String text;
  private final Map<Long, Long> nanos = new HashMap<>();

  CpuOfThreads(String text) {
    this.text = text;
  }

  /** Looks at all threads; what one used after the last look before its end is not seen. */
  void look() {
    for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (thread != null && thread.getThreadName().contains(text)) {
        long used = threads.getThreadCpuTime(thread.getThreadId());
        nanos.merge(thread.getThreadId(), used, Math::max);
      }
    }
  }

  /** So far, nanoseconds. */
  long nanos() {
    return nanos.values().stream().mapToLong(Long::longValue).sum();
  }
}
