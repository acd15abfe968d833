package dev.weir.app.lifecycle;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import dev.weir.app.settings.Settings;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.apache.kafka.common.config.ConfigDef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The settings that every process has: where its HTTP server listens and how it logs. */
public final class ProcessSettings {
  /** Port of readiness, metrics, configuration and the application's own queries. */
  public static final String HTTP_PORT = "http.port";

  /** Address that the HTTP server listens on. */
  public static final String HTTP_HOST = "http.host";

  private static final String LOG_LEVEL = "log.level";
  private static final String LOG_FORMAT = "log.format";

  private ProcessSettings() {}

  /** Adds them to {@code definition}, but for those it already has. */
  public static ConfigDef addTo(ConfigDef definition) {
    add(
        definition,
        HTTP_PORT,
        ConfigDef.Type.INT,
        8080,
        ConfigDef.Range.between(0, 65535),
        "Port of /ready, /live, /metrics and /config; 0 takes a free one.");
    add(
        definition,
        HTTP_HOST,
        ConfigDef.Type.STRING,
        "0.0.0.0",
        new ConfigDef.NonEmptyString(),
        "Address that the HTTP server listens on.");
    add(
        definition,
        LOG_LEVEL,
        ConfigDef.Type.STRING,
        "info",
        ConfigDef.CaseInsensitiveValidString.in("error", "warn", "info", "debug", "trace"),
        "Least severe level that is logged.");
    add(
        definition,
        LOG_FORMAT,
        ConfigDef.Type.STRING,
        "text",
        ConfigDef.ValidString.in("text", "json"),
        "Form of log lines: for people, or one JSON object a line.");
    return definition;
  }

  /** Sends the log to standard error in the form asked for. */
  public static void configureLogging(Settings settings) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(encoder(context, settings.string(LOG_FORMAT)));
    appender.start();
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.addAppender(appender);
    Level level = Level.toLevel(settings.string(LOG_LEVEL));
    // libraries say at INFO what only their developers want to know
    root.setLevel(level == Level.INFO ? Level.WARN : level);
    context.getLogger("dev.weir").setLevel(level);
  }

  /** Registers the usual gauges of a JVM. */
  public static void bindJvmMetrics(PrometheusMeterRegistry registry) {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    bindGcMetrics(registry);
  }

  @SuppressWarnings("resource") // lives as long as the process
  private static void bindGcMetrics(PrometheusMeterRegistry registry) {
    new JvmGcMetrics().bindTo(registry);
  }

  private static Encoder<ILoggingEvent> encoder(LoggerContext context, String format) {
    if (format.equals("json")) {
      JsonEncoder json = new JsonEncoder();
      json.setContext(context);
      json.start();
      return json;
    }
    PatternLayoutEncoder text = new PatternLayoutEncoder();
    text.setContext(context);
    text.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0} [%thread] %msg%n%ex{8}");
    text.start();
    return text;
  }

  private static void add(
      ConfigDef definition,
      String key,
      ConfigDef.Type type,
      Object value,
      ConfigDef.Validator rule,
      String meaning) {
    if (!definition.names().contains(key)) {
      definition.define(key, type, value, rule, ConfigDef.Importance.MEDIUM, meaning);
    }
  }
}
