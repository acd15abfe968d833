package dev.weir.streams.config;

import dev.weir.app.settings.Durations;
import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.Settings;
import dev.weir.streams.series.MetricSelection;
import dev.weir.streams.series.SeriesSettings;
import dev.weir.streams.servicegraph.EdgeSettings;
import dev.weir.streams.servicegraph.Pairing;
import dev.weir.streams.servicegraph.PeerNames;
import dev.weir.streams.servicegraph.Room;
import dev.weir.streams.servicegraph.ServiceGraphSettings;
import dev.weir.streams.weight.WeightSettings;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** The settings of service graphs. */
final class ServiceGraphConfig {
  private static final String FILTER = "service.graph.filter.policies";
  private static final String BUCKETS = "service.graph.histogram.buckets";
  private static final String WAIT = "service.graph.wait";
  private static final String MAX_ITEMS = "service.graph.max.items";
  private static final String MAX_ITEMS_APART = "service.graph.max.items.apart";
  private static final String PEER_ATTRIBUTES = "service.graph.peer.attributes";
  private static final String DIMENSIONS = "service.graph.dimensions";
  private static final String CLIENT_SERVER_PREFIX = "service.graph.enable.client.server.prefix";
  private static final String VIRTUAL_NODE_LABEL = "service.graph.enable.virtual.node.label";
  private static final String MESSAGING_LATENCY =
      "service.graph.enable.messaging.system.latency.histogram";

  private static final String ROUTED_BY_TRACE = "spans.routed.by.trace";
  private static final String LINKS = "service.graph.enable.links";
  private static final String LINKS_AUTO = "auto";
  private static final String ALL_SERVERS = "service.graph.enable.several.servers";
  private static final String DATABASES_WAIT = "service.graph.enable.database.wait";
  private static final String MULTIPLIER_KEY = "service.graph.span.multiplier.key";
  private static final String TRACE_STATE_MULTIPLIER =
      "service.graph.enable.tracestate.span.multiplier";

  private static final List<String> DEFAULT_BUCKETS =
      List.of("0.1", "0.2", "0.4", "0.8", "1.6", "3.2", "6.4", "12.8");

  private ServiceGraphConfig() {}

  static ConfigDef define(ConfigDef definition) {
    return definePairing(defineEdges(definition));
  }

  private static ConfigDef defineEdges(ConfigDef definition) {
    return definition
        .define(
            FILTER,
            ConfigDef.Type.STRING,
            "",
            Importance.MEDIUM,
            "File with a filter_policies section in Tempo's form: which spans take part in the service graph. Empty for all. The other side of a rejected span is no edge either.")
        .define(
            BUCKETS,
            ConfigDef.Type.LIST,
            DEFAULT_BUCKETS,
            Importance.MEDIUM,
            "Upper bounds, in seconds, of the buckets of the latency of edges. Those that stay when this is changed go on counting.")
        .define(
            WAIT,
            ConfigDef.Type.STRING,
            "10s",
            Durations.between("1ms", "24h"),
            Importance.MEDIUM,
            "How long one side of a call waits for the other, in the time of records.")
        .define(
            MAX_ITEMS,
            ConfigDef.Type.INT,
            250_000,
            ConfigDef.Range.between(1, 100_000_000),
            Importance.MEDIUM,
            "How many sides of calls may wait in one partition; the oldest gives way.")
        .define(
            MAX_ITEMS_APART,
            ConfigDef.Type.INT,
            50_000,
            ConfigDef.Range.between(1, 100_000_000),
            Importance.MEDIUM,
            "How many sides of calls may stay in one partition, besides, that are counted or will be without another side: callers that were paired and may meet more servers, calls to databases, and sides that the filter rejected. The oldest gives way.")
        .define(
            PEER_ATTRIBUTES,
            ConfigDef.Type.LIST,
            PeerNames.DEFAULT_PEER_ATTRIBUTES,
            Importance.MEDIUM,
            "Span attributes that name the other side of a call nobody answered; the first one present counts.")
        .define(
            DIMENSIONS,
            ConfigDef.Type.LIST,
            List.of(),
            Importance.MEDIUM,
            "Attributes, of the resource or else of the span, that become labels of edges.")
        .define(
            CLIENT_SERVER_PREFIX,
            ConfigDef.Type.BOOLEAN,
            false,
            Importance.MEDIUM,
            "Whether each side of an edge has labels of its own for dimensions, named client_ and server_ and the dimension. If not there is one label with the server's value, or the client's if that is empty.")
        .define(
            VIRTUAL_NODE_LABEL,
            ConfigDef.Type.BOOLEAN,
            false,
            Importance.MEDIUM,
            "Whether the label virtual_node says which side of an edge, client or server, was not seen.")
        .define(
            MESSAGING_LATENCY,
            ConfigDef.Type.BOOLEAN,
            false,
            Importance.MEDIUM,
            "Whether the time from the end of a producer's span to the begin of its consumer's is observed.")
        .define(
            MULTIPLIER_KEY,
            ConfigDef.Type.STRING,
            "",
            Importance.MEDIUM,
            "An attribute of spans, or else of their resource, that tells with which probability a span was kept, as a double: an edge counts as 1 / probability, by its client's span or else by its server's. Empty for none.")
        .define(
            TRACE_STATE_MULTIPLIER,
            ConfigDef.Type.BOOLEAN,
            false,
            Importance.MEDIUM,
            "Whether an edge counts as the sampling threshold in a W3C tracestate tells (ot=th:...), which goes before service.graph.span.multiplier.key.");
  }

  private static ConfigDef definePairing(ConfigDef definition) {
    return definition
        .define(
            ROUTED_BY_TRACE,
            ConfigDef.Type.BOOLEAN,
            true,
            Importance.HIGH,
            "Whether all spans of a trace are in one partition, as Weir's and Tempo's distributors write them. If not (the Collector's kafka exporter, unless told so), the sides of calls are brought together by trace through an internal topic before they are paired. Fixed for an application id.")
        .define(
            LINKS,
            ConfigDef.Type.STRING,
            LINKS_AUTO,
            ConfigDef.ValidString.in(LINKS_AUTO, "true", "false"),
            Importance.MEDIUM,
            "Whether the links of a consumer's span make edges from the producers that they lead to. Needs spans.routed.by.trace=false, since links lead to other traces; auto is true then and false else.")
        .define(
            ALL_SERVERS,
            ConfigDef.Type.BOOLEAN,
            true,
            Importance.MEDIUM,
            "Whether a client's span pairs with every server span that names it as its parent within service.graph.wait (a proxy that fans out or retries), and not with the first one only. Keeps every client's side until the wait is over.")
        .define(
            DATABASES_WAIT,
            ConfigDef.Type.BOOLEAN,
            true,
            Importance.MEDIUM,
            "Whether a call to a database waits for the database's own span, whose service then names the edge's server; without one it is counted when service.graph.wait is over. If not it is counted at once by the caller's attributes, and a span of the database comes to nothing.");
  }

  static ServiceGraphSettings from(Settings settings) {
    MetricSelection selection = Processors.serviceGraphs(settings);
    return new ServiceGraphSettings(
        !selection.isEmpty() || Processors.connectionInfo(settings),
        Buckets.read(settings, BUCKETS),
        settings.duration(WAIT),
        new Room(settings.integer(MAX_ITEMS), settings.integer(MAX_ITEMS_APART)),
        settings.list(PEER_ATTRIBUTES),
        edges(settings, selection),
        FilterPoliciesFile.read(FILTER, settings.string(FILTER)),
        pairing(settings),
        new SeriesSettings(
            selection,
            HistogramsConfig.kind(settings),
            new WeightSettings(
                settings.string(MULTIPLIER_KEY), settings.flag(TRACE_STATE_MULTIPLIER), true),
            HistogramsConfig.natives(settings),
            ExemplarsConfig.enabled(settings),
            ExemplarsConfig.label(settings)));
  }

  private static Pairing pairing(Settings settings) {
    boolean routedByTrace = settings.flag(ROUTED_BY_TRACE);
    String asked = settings.string(LINKS);
    boolean links = asked.equals(LINKS_AUTO) ? !routedByTrace : Boolean.parseBoolean(asked);
    if (links && routedByTrace) {
      throw new InvalidSettingsException(
          "Invalid value true for configuration %s: links lead to other traces, which may be in other partitions; it needs %s=false"
              .formatted(LINKS, ROUTED_BY_TRACE));
    }
    return new Pairing(
        routedByTrace, settings.flag(ALL_SERVERS), settings.flag(DATABASES_WAIT), links);
  }

  private static EdgeSettings edges(Settings settings, MetricSelection selection) {
    List<String> dimensions = settings.list(DIMENSIONS);
    try {
      return new EdgeSettings(
          dimensions,
          settings.flag(CLIENT_SERVER_PREFIX),
          settings.flag(VIRTUAL_NODE_LABEL),
          !selection.isEmpty(),
          settings.flag(MESSAGING_LATENCY),
          Processors.connectionInfo(settings),
          Compatibility.zeroForUnseenSide(settings),
          Compatibility.lastDimensionDecides(settings));
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingsException(
          "Invalid value %s for configuration %s: %s"
              .formatted(String.join(",", dimensions), DIMENSIONS, e.getMessage()));
    }
  }
}
