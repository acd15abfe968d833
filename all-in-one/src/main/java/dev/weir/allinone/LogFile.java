package dev.weir.allinone;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import dev.weir.app.lifecycle.ProcessSettings;
import dev.weir.app.settings.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Sends the log to a file, in the form that the settings ask for, and leaves the terminal alone.
 */
final class LogFile {
  private static final FileSize MAX_SIZE = FileSize.valueOf("10 MB");

  private LogFile() {}

  /**
   * Sends everything that is logged from now on to {@code file}; when it has grown too long it goes
   * on anew, and one old file is kept beside it.
   */
  static void use(Path file, Settings settings) {
    ProcessSettings.configureLogging(settings);
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    for (ConsoleAppender<ILoggingEvent> console : consoles(root)) {
      root.detachAppender(console);
      root.addAppender(appender(file, console, context));
    }
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, thrown) -> root.error("thread {} died", thread.getName(), thrown));
  }

  private static List<ConsoleAppender<ILoggingEvent>> consoles(Logger root) {
    List<ConsoleAppender<ILoggingEvent>> consoles = new ArrayList<>();
    root.iteratorForAppenders()
        .forEachRemaining(
            appender -> {
              if (appender instanceof ConsoleAppender<ILoggingEvent> console) {
                consoles.add(console);
              }
            });
    return consoles;
  }

  private static RollingFileAppender<ILoggingEvent> appender(
      Path file, ConsoleAppender<ILoggingEvent> console, LoggerContext context) {
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setContext(context);
    appender.setFile(file.toString());
    appender.setEncoder(console.getEncoder());
    FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
    rolling.setContext(context);
    rolling.setParent(appender);
    rolling.setFileNamePattern(file + ".%i");
    rolling.setMinIndex(1);
    rolling.setMaxIndex(1);
    rolling.start();
    SizeBasedTriggeringPolicy<ILoggingEvent> trigger = new SizeBasedTriggeringPolicy<>();
    trigger.setContext(context);
    trigger.setMaxFileSize(MAX_SIZE);
    trigger.start();
    appender.setRollingPolicy(rolling);
    appender.setTriggeringPolicy(trigger);
    appender.start();
    return appender;
  }
}
