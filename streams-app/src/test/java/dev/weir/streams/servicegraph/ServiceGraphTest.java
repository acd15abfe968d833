package dev.weir.streams.servicegraph;

import static dev.weir.streams.servicegraph.GraphUnderTest.attribute;
import static dev.weir.streams.servicegraph.GraphUnderTest.client;
import static dev.weir.streams.servicegraph.GraphUnderTest.id;
import static dev.weir.streams.servicegraph.GraphUnderTest.rootServer;
import static dev.weir.streams.servicegraph.GraphUnderTest.server;
import static dev.weir.streams.servicegraph.GraphUnderTest.span;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.weir.schemas.delta.Amounts;
import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.layout.CorruptLayoutException;
import dev.weir.streams.Golden;
import dev.weir.streams.filter.FilterPolicies;
import dev.weir.streams.filter.FilterPolicy;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceGraphTest {
  private static final long EXPIRED = GraphUnderTest.WAIT_MILLIS;
  private static final Status ERROR =
      Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR).build();

  private static final Pairing ALL = new Pairing(true, true, false, false);
  private static final Pairing DATABASES_WAIT = new Pairing(true, false, true, false);
  private static final Pairing LINKS = new Pairing(false, false, false, true);
  private static final Map.Entry<String, Long> LINKED = Map.entry("linked", 1L);
  private static final Pairing ALL_AND_DATABASES = new Pairing(true, true, true, false);

  private static final EdgeSettings MESSAGING =
      new EdgeSettings(List.of(), false, false, true, true, false);

  private final GraphUnderTest graph = new GraphUnderTest();

  @Test
  void shouldPairClientAndServerInEitherOrder() {
    graph.accept("shop", client(1)).accept("cart", server(1));
    graph.accept("cart", server(2)).accept("shop", client(2));

    assertThat(graph.edges())
        .containsExactly("shop --> cart: 2, 0 failed, server 60ms, client 100ms");
    assertThat(graph.counts().paired()).isEqualTo(2);
    assertThat(graph.waiting()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"shop", "cart"})
  void shouldMakeNoVirtualNodeOfTheOtherSideOfARejectedSpan(String rejected) {
    for (boolean clientFirst : List.of(true, false)) {
      GraphUnderTest filtered = new GraphUnderTest(without("resource.service.name", rejected));
      Span.Builder client = client(1).addAttributes(attribute("peer.service", "cart"));

      acceptBoth(filtered.persist().restart(), client, server(1), clientFirst);
      filtered.persist().restart().at(EXPIRED);

      assertThat(filtered.edges()).isEmpty();
      assertThat(filtered.counts().halves()).isEqualTo(2);
      assertThat(filtered.counts().unpaired())
          .containsOnly(
              Map.entry("service_graphs_filtered", 1L), Map.entry("filtered_counterpart", 1L));
    }
  }

  private static void acceptBoth(
      GraphUnderTest graph, Span.Builder client, Span.Builder server, boolean clientFirst) {
    if (clientFirst) {
      graph.accept("shop", client).persist().accept("cart", server);
    } else {
      graph.accept("cart", server).persist().accept("shop", client);
    }
  }

  @Test
  void shouldForgetARejectedSpanWhenTheWaitIsOver() {
    GraphUnderTest filtered = new GraphUnderTest(without("resource.service.name", "cart"));

    filtered.accept("cart", server(1)).at(EXPIRED).accept("shop", client(1)).at(2 * EXPIRED);

    assertThat(filtered.counts().unpaired()).containsEntry("SPAN_KIND_CLIENT", 1L);
  }

  @Test
  void shouldNotTakeARejectedRootForTheOtherSideOfAnything() {
    GraphUnderTest filtered = new GraphUnderTest(without("resource.service.name", "cart"));

    filtered.accept("cart", rootServer()).accept("shop", rootServer()).at(EXPIRED);

    assertThat(filtered.edges()).hasSize(1);
  }

  @Test
  void shouldCountAsRejectedOnlyWhatCouldBeASideAndWhatWasNotDiscarded() {
    GraphUnderTest filtered = new GraphUnderTest(without("name", "GET"));
    Resource shop = Resource.newBuilder().addAttributes(attribute("service.name", "shop")).build();

    filtered.stage(shop, client(1).setName("GET")).discard();
    filtered.accept("shop", span(Span.SpanKind.SPAN_KIND_INTERNAL, 1).setName("GET"));
    filtered.accept(Resource.getDefaultInstance(), client(1).setName("GET"));

    assertThat(filtered.counts().isEmpty()).isTrue();
  }

  private static FilterPolicies without(String key, String value) {
    FilterPolicy.Rule rule =
        new FilterPolicy.Rule("strict", List.of(new FilterPolicy.Attribute(key, value)));
    return FilterPolicies.of(
        List.of(new FilterPolicy(Optional.empty(), Optional.empty(), Optional.of(rule))));
  }

  @Test
  void shouldNotPairHalvesOfDifferentTraces() {
    graph.accept("shop", client(1));
    graph.accept("cart", server(1).setTraceId(ByteString.copyFromUtf8("0123456789abcdeF")));

    assertThat(graph.edges()).isEmpty();
    assertThat(graph.waiting()).isEqualTo(2);
  }

  @Test
  void shouldPairIdsOfUnusualLength() {
    ByteString longId = ByteString.copyFromUtf8("x".repeat(33));

    graph.accept("shop", client(1).setSpanId(longId));
    graph.accept("cart", server(1).setParentSpanId(longId));

    assertThat(graph.counts().paired()).isEqualTo(1);
  }

  @Test
  void shouldPairOnlyOneServerWithAClient() {
    graph.accept("shop", client(1)).accept("cart", server(1)).accept("cart", server(1));

    assertThat(graph.counts().paired()).isEqualTo(1);
    assertThat(graph.waiting()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"0,1,2", "1,0,2", "1,2,0", "0,2,1"})
  void shouldPairEveryServerWithItsClientInAnyOrderIfAsked(int first, int second, int third) {
    GraphUnderTest graph = new GraphUnderTest(ALL);
    List<Runnable> spans =
        List.of(
            () -> graph.accept("shop", client(1).setStatus(ERROR)),
            () -> graph.accept("cart", server(1)),
            () -> graph.accept("cart", server(1)));

    for (int span : List.of(first, second, third)) {
      spans.get(span).run();
      graph.persist().restart();
    }
    graph.at(EXPIRED);

    assertThat(graph.edges())
        .containsExactly("shop --> cart: 2, 2 failed, server 60ms, client 100ms");
    assertThat(graph.counts().paired()).isEqualTo(1);
    assertThat(graph.counts().further()).isEqualTo(1);
    assertThat(graph.counts().unpaired()).isEmpty();
  }

  @Test
  void shouldPairNoServerThatComesAfterTheWait() {
    GraphUnderTest graph = new GraphUnderTest(ALL);

    graph.accept("shop", client(1)).accept("cart", server(1)).at(EXPIRED).accept("cart", server(1));

    assertThat(graph.counts().further()).isZero();
    assertThat(graph.waiting()).isEqualTo(1);
  }

  @Test
  void shouldDropASecondClientWithTheSameKeyIfEveryServerCounts() {
    GraphUnderTest graph = new GraphUnderTest(ALL);

    graph.accept("shop", client(1)).accept("shop", client(1)).accept("cart", server(1));
    graph.accept("shop", client(1)).at(EXPIRED);

    assertThat(graph.counts().paired()).isEqualTo(1);
    assertThat(graph.counts().unpaired()).containsExactly(Map.entry("duplicate", 2L));
  }

  @Test
  void shouldLetAnsweredClientsTakeNoRoomFromThoseThatWait() {
    GraphUnderTest small = new GraphUnderTest(2, ALL, FilterPolicies.NONE);

    small.accept("shop", client(1)).accept("shop", client(2));
    small.accept("cart", server(1)).accept("cart", server(2));
    small.accept("shop", client(3)).accept("shop", client(4));
    assertThat(small.counts().unpaired()).isEmpty();

    small.accept("cart", server(3));
    small.accept("cart", server(1)).accept("cart", server(2)).at(EXPIRED);

    assertThat(small.counts().forgotten()).isEqualTo(1);
    assertThat(small.counts().further()).isEqualTo(1);
    assertThat(small.counts().unpaired())
        .containsOnly(Map.entry("SPAN_KIND_SERVER", 1L), Map.entry("SPAN_KIND_CLIENT", 1L));
  }

  @Test
  void shouldMakeAnEdgeFromEveryProducerThatAConsumerLinksTo() {
    GraphUnderTest graph = new GraphUnderTest(LINKS);
    Span.Builder batch = consumer(0, 5).addLinks(link(1)).addLinks(link(2)).addLinks(link(7));

    graph.accept("shop", producer(1, 1)).persist().restart().accept("mail", batch);
    graph.persist().restart().accept("cart", producer(2, 1)).at(EXPIRED);

    assertThat(graph.edges())
        .containsExactly(
            "shop -messaging_system-> mail: 1, 0 failed, server 25ms, client 0ms",
            "cart -messaging_system-> mail: 1, 0 failed, server 25ms, client 0ms");
    assertThat(graph.counts().links()).isEqualTo(3);
    assertThat(graph.counts().unpaired()).containsOnly(Map.entry("link", 1L), LINKED);
  }

  @Test
  void shouldLetAProducerMeetItsChildAndAllThatLinkToIt() {
    GraphUnderTest graph = new GraphUnderTest(LINKS);

    graph.accept("mail", consumer(0, 5).addLinks(link(1))).accept("shop", producer(1, 1));
    graph.accept("push", consumer(1, 5)).accept("mail", consumer(0, 5).addLinks(link(1)));
    graph.at(EXPIRED);

    assertThat(graph.counts().paired()).isEqualTo(1);
    assertThat(graph.counts().further()).isEqualTo(2);
    assertThat(graph.counts().unpaired()).containsOnly(Map.entry("linked", 2L));
  }

  @Test
  void shouldNotCountALinkToTheParentASecondTime() {
    GraphUnderTest graph = new GraphUnderTest(LINKS);

    graph.accept("shop", producer(1, 1)).accept("mail", consumer(1, 5).addLinks(link(1)));

    assertThat(graph.counts().paired()).isEqualTo(1);
    assertThat(graph.counts().links()).isZero();
  }

  @Test
  void shouldFollowLinksFromConsumersToProducersOnlyAndOnlyIfAsked() {
    GraphUnderTest asked = new GraphUnderTest(LINKS);

    asked.accept("mail", consumer(0, 5).addLinks(link(1))).accept("shop", client(1));
    asked.accept("shop", producer(2, 1)).accept("mail", rootServer().addLinks(link(2)));
    graph.accept("shop", producer(1, 1)).accept("mail", consumer(0, 5).addLinks(link(1)));

    assertThat(asked.edges()).isEmpty();
    assertThat(graph.edges()).isEmpty();
  }

  @Test
  void shouldBoundTheLinksOfASpan() {
    GraphUnderTest graph = new GraphUnderTest(LINKS);
    Span.Builder batch = consumer(0, 5);
    IntStream.range(0, 130).forEach(i -> batch.addLinks(link(i + 1)));

    graph.accept("mail", batch);

    assertThat(graph.waiting()).isEqualTo(128);
    assertThat(graph.counts().unpaired()).containsOnly(Map.entry("link_limit", 2L), LINKED);
  }

  private static Span.Link.Builder link(int id) {
    return Span.Link.newBuilder().setTraceId(client(1).getTraceId()).setSpanId(id(id));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldNameADatabaseByItsOwnSpanIfCallsWaitForIt(boolean clientFirst) {
    GraphUnderTest graph = new GraphUnderTest(DATABASES_WAIT);

    acceptBoth(graph, databaseCall(1), server(1), clientFirst);
    graph.at(EXPIRED);

    assertThat(graph.edges())
        .containsExactly("shop -database-> cart: 1, 0 failed, server 30ms, client 50ms");
    assertThat(graph.counts().unpaired()).isEmpty();
  }

  @Test
  void shouldCountACallToASilentDatabaseWhenTheWaitIsOver() {
    GraphUnderTest graph = new GraphUnderTest(DATABASES_WAIT);

    graph.accept("shop", databaseCall(1)).persist().restart();
    assertThat(graph.edges()).isEmpty();
    graph.at(EXPIRED);

    assertThat(graph.edges())
        .containsExactly("shop -database-> orders: 1, 0 failed, server 50ms, client 50ms");
    assertThat(graph.counts().single()).isEqualTo(1);
    assertThat(graph.credited()).containsExactly(EXPIRED);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldCountADatabaseOnceWhicheverSideComesFirst(boolean clientFirst) {
    acceptBoth(graph, databaseCall(1), server(1), clientFirst);
    graph.at(EXPIRED);

    assertThat(graph.edges())
        .containsExactly("shop -database-> orders: 1, 0 failed, server 50ms, client 50ms");
    assertThat(graph.counts().unpaired()).containsExactly(Map.entry("SPAN_KIND_SERVER", 1L));
  }

  private static Span.Builder databaseCall(int id) {
    return client(id).addAttributes(attribute("db.name", "orders"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldMakeAtMostOneEdgeOfHalvesThatComeTooLateForEachOther(boolean clientFirst) {
    Span.Builder client = client(1).addAttributes(attribute("peer.service", "bank"));

    graph.accept(clientFirst ? "shop" : "cart", clientFirst ? client : server(1)).at(EXPIRED);
    graph.accept(clientFirst ? "cart" : "shop", clientFirst ? server(1) : client).at(2 * EXPIRED);

    assertThat(graph.edges())
        .containsExactly("shop -virtual_node-> bank: 1, 0 failed, server -, client 50ms");
    assertThat(graph.counts().unpaired()).containsExactly(Map.entry("SPAN_KIND_SERVER", 1L));
  }

  @Test
  void shouldCountTheSameInWhateverOrderSpansComeAndCommitsFall() {
    for (int seed = 0; seed < 2_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Pairing pairing = random.nextBoolean() ? ALL_AND_DATABASES : ALL;
      List<String> services = List.of("shop", "cart", "no");
      List<Map.Entry<String, Span.Builder>> spans = new ArrayList<>();
      for (int id = 1; id < 5; id++) {
        spans.add(Map.entry(services.get(random.nextInt(3)), randomClient(random, id)));
        for (int servers = random.nextInt(4); servers > 0; servers--) {
          int kind = random.nextInt(4) == 0 ? 5 : 2;
          Span.Builder server = server(random.nextInt(6)).setKindValue(kind);
          spans.add(Map.entry(services.get(random.nextInt(3)), server));
        }
      }
      assertThat(afterwards(shuffled(spans, random), pairing, random))
          .as("seed %d", seed)
          .isEqualTo(afterwards(spans, pairing, random));
    }
  }

  private static Span.Builder randomClient(SplittableRandom random, int id) {
    Span.Builder client = random.nextInt(4) == 0 ? databaseCall(id) : client(id);
    if (random.nextInt(4) == 0) {
      client.addAttributes(attribute("peer.service", "bank"));
    }
    return client
        .setKindValue(random.nextInt(4) == 0 ? 4 : 3)
        .setStatus(random.nextInt(4) == 0 ? ERROR : Status.getDefaultInstance());
  }

  private static <T> List<T> shuffled(List<T> all, SplittableRandom random) {
    List<T> mixed = new ArrayList<>(all);
    Collections.shuffle(mixed, new Random(random.nextLong()));
    return mixed;
  }

  private static String afterwards(
      List<Map.Entry<String, Span.Builder>> spans, Pairing pairing, SplittableRandom random) {
    GraphUnderTest graph =
        new GraphUnderTest(10_000, pairing, without("resource.service.name", "no"));
    for (Map.Entry<String, Span.Builder> span : spans) {
      graph.accept(span.getKey(), span.getValue());
      if (random.nextInt(4) == 0) {
        graph.persist().restart();
      }
    }
    graph.at(EXPIRED);
    List<String> edges = new ArrayList<>(graph.edges());
    Collections.sort(edges);
    Edges.EdgeCounts counts = graph.counts();
    return "%s, %d paired, %d further, %d single, %d virtual, unpaired %s"
        .formatted(
            edges,
            counts.paired(),
            counts.further(),
            counts.single(),
            counts.virtual(),
            counts.unpaired());
  }

  @Test
  void shouldCallAnEdgeFailedIfEitherSideFailed() {
    graph.accept("shop", client(1).setStatus(ERROR)).accept("cart", server(1));
    graph.accept("shop", client(2)).accept("cart", server(2).setStatus(ERROR));
    graph.accept("shop", client(3)).accept("cart", server(3));

    assertThat(graph.edges())
        .containsExactly("shop --> cart: 3, 2 failed, server 90ms, client 150ms");
  }

  @ParameterizedTest
  @CsvSource({"PRODUCER,CONSUMER", "PRODUCER,SERVER", "CLIENT,CONSUMER"})
  void shouldCallAnEdgeMessagingIfEitherSideIs(String sending, String receiving) {
    Span.Builder client = client(1).setKind(Span.SpanKind.valueOf("SPAN_KIND_" + sending));
    Span.Builder server = server(1).setKind(Span.SpanKind.valueOf("SPAN_KIND_" + receiving));

    acceptBoth(graph, client, server, true);
    acceptBoth(graph, client, server, false);

    assertThat(graph.edges())
        .containsExactly("shop -messaging_system-> cart: 2, 0 failed, server 60ms, client 100ms");
  }

  @ParameterizedTest
  @CsvSource({
    "db.name=postgres, postgres",
    "db.system=postgresql, postgresql",
    "db.system.name=postgresql, postgresql",
    "db.system=postgresql db.name=orders db.namespace=mydb, mydb",
    "db.name=orders server.address=mythical-database, mythical-database",
    "db.name=orders server.address=other peer.service=mythical-database, mythical-database",
    "db.name=orders network.peer.address=mythical-database network.peer.port=5432,"
        + " mythical-database:5432",
    "db.name=orders network.peer.address=mythical-database, mythical-database",
  })
  void shouldNameADatabaseByTheFirstAttributeThatIsThere(String attributes, String name) {
    Span.Builder call = client(1);
    for (String attribute : attributes.split(" ", -1)) {
      String[] keyAndValue = attribute.split("=", -1);
      call.addAttributes(attribute(keyAndValue[0], keyAndValue[1]));
    }

    graph.accept("shop", call);

    assertThat(graph.edges())
        .containsExactly("shop -database-> " + name + ": 1, 0 failed, server 50ms, client 50ms");
    assertThat(graph.counts().single()).isEqualTo(1);
    assertThat(graph.waiting()).isZero();
  }

  @Test
  void shouldTakeADatabasesNameFromTheResourceFirst() {
    Resource resource =
        Resource.newBuilder()
            .addAttributes(attribute("service.name", "shop"))
            .addAttributes(attribute("db.name", "of-resource"))
            .build();

    graph.accept(resource, client(1).addAttributes(attribute("db.name", "of-span")));

    assertThat(graph.edges())
        .containsExactly("shop -database-> of-resource: 1, 0 failed, server 50ms, client 50ms");
  }

  @Test
  void shouldLetADatabaseCallWithAnEmptyNameWaitLikeAnyOther() {
    Span.Builder call =
        client(1)
            .addAttributes(attribute("db.namespace", "orders"))
            .addAttributes(attribute("server.address", ""));

    graph.accept("shop", call).accept("cart", server(1));

    assertThat(graph.edges())
        .containsExactly("shop --> cart: 1, 0 failed, server 30ms, client 50ms");
  }

  @Test
  void shouldCallWhoeverCalledARootUser() {
    graph.accept("shop", rootServer().setStatus(ERROR)).at(EXPIRED);

    assertThat(graph.edges())
        .containsExactly("user -virtual_node-> shop: 1, 1 failed, server 30ms, client -");
    assertThat(graph.counts().virtual()).isEqualTo(1);
  }

  @Test
  void shouldTakeAParentOfZeroBytesForNone() {
    graph.accept("shop", server(0)).at(EXPIRED);

    assertThat(graph.edges())
        .containsExactly("user -virtual_node-> shop: 1, 0 failed, server 30ms, client -");
  }

  @Test
  void shouldCallWhoeverCalledARootByItsPeer() {
    graph.accept("shop", rootServer().addAttributes(attribute("peer.service", "edge"))).at(EXPIRED);

    assertThat(graph.edges())
        .containsExactly("edge -virtual_node-> shop: 1, 0 failed, server 30ms, client -");
  }

  @Test
  void shouldLeaveTheLabelOfANamelessRootOut() {
    graph.accept("", rootServer()).at(EXPIRED);

    assertThat(graph.edges())
        .containsExactly("user -virtual_node-> : 1, 0 failed, server 30ms, client -");
  }

  @Test
  void shouldPutAVirtualNodeInThePlaceOfAPeerThatNeverAnswers() {
    graph.accept("shop", client(1).addAttributes(attribute("peer.service", "paypal"))).at(EXPIRED);

    assertThat(graph.edges())
        .containsExactly("shop -virtual_node-> paypal: 1, 0 failed, server -, client 50ms");
  }

  @Test
  void shouldTakeThePeerFromTheSpanOnly() {
    Resource resource =
        Resource.newBuilder()
            .addAttributes(attribute("service.name", "shop"))
            .addAttributes(attribute("peer.service", "of-resource"))
            .build();

    graph.accept(resource, client(1)).at(EXPIRED);

    assertThat(graph.edges()).isEmpty();
    assertThat(graph.counts().unpaired()).containsEntry("SPAN_KIND_CLIENT", 1L);
  }

  @Test
  void shouldNotLetThePeerOfAServerThatWasPairedChangeItsEdge() {
    graph.accept("shop", client(1));
    graph.accept("cart", server(1).addAttributes(attribute("peer.service", "edge")));

    assertThat(graph.edges())
        .containsExactly("shop --> cart: 1, 0 failed, server 30ms, client 50ms");
  }

  @ParameterizedTest
  @CsvSource({"SERVER", "CLIENT", "PRODUCER", "CONSUMER"})
  void shouldCountWhatExpiresUnpairedByItsKind(String kind) {
    Span.Builder half = span(Span.SpanKind.valueOf("SPAN_KIND_" + kind), 5);

    graph.accept("shop", half.setSpanId(id(1)).setParentSpanId(id(2))).at(EXPIRED);

    assertThat(graph.edges()).isEmpty();
    assertThat(graph.counts().unpaired()).containsExactly(Map.entry("SPAN_KIND_" + kind, 1L));
  }

  @Test
  void shouldIgnoreOtherKindsAndResourcesThatNameNoService() {
    graph.accept("shop", span(Span.SpanKind.SPAN_KIND_INTERNAL, 5));
    graph.accept(Resource.getDefaultInstance(), client(1));

    assertThat(graph.counts().isEmpty()).isTrue();
    assertThat(graph.waiting()).isZero();
  }

  @Test
  void shouldNotPairAHalfWhoseServiceIsEmpty() {
    graph.accept("", client(1)).accept("cart", server(1));
    graph.accept("shop", client(2)).accept("", server(2)).at(EXPIRED);

    assertThat(graph.edges()).isEmpty();
    assertThat(graph.counts().unpaired())
        .containsEntry("SPAN_KIND_CLIENT", 2L)
        .containsEntry("SPAN_KIND_SERVER", 2L);
  }

  @Test
  void shouldExpireAtTheInstantWhoeverNotices() {
    graph.at(1_000).accept("shop", rootServer()).at(EXPIRED + 999);
    assertThat(graph.waiting()).isEqualTo(1);

    graph.at(EXPIRED + 50_000);

    assertThat(graph.credited()).containsExactly(EXPIRED + 1_000);
  }

  @Test
  void shouldNotPairWithWhatExpiresAtThisVeryInstant() {
    graph.accept("shop", client(1)).at(EXPIRED).accept("cart", server(1));

    assertThat(graph.counts().paired()).isZero();
  }

  @Test
  void shouldLetTheOldestGiveWay() {
    GraphUnderTest small = new GraphUnderTest(2);

    small.accept("shop", client(1)).accept("shop", client(2)).accept("shop", client(3));
    small.accept("cart", server(2)).accept("cart", server(3)).accept("cart", server(1));

    assertThat(small.counts().paired()).isEqualTo(2);
    assertThat(small.counts().unpaired()).containsExactly(Map.entry("max_items", 1L));
  }

  @Test
  void shouldCountNothingOfARecordThatWasDiscarded() {
    Resource shop = Resource.newBuilder().addAttributes(attribute("service.name", "shop")).build();

    graph.stage(shop, client(1)).discard().accept("cart", server(1));

    assertThat(graph.counts().halves()).isEqualTo(1);
    assertThat(graph.waiting()).isEqualTo(1);
  }

  @Test
  void shouldTakeBackWhatWaitedAndOnlyThat() {
    graph.accept("shop", client(1)).accept("shop", client(2)).persist();
    graph.accept("cart", server(1)).accept("shop", client(3)).persist();
    graph.accept("shop", client(4)).restart();

    assertThat(graph.waiting()).isEqualTo(2);
    graph.accept("cart", server(2)).accept("cart", server(3)).accept("cart", server(4));
    assertThat(graph.counts().paired()).isEqualTo(3);
  }

  @Test
  void shouldGoOnAfterAnyNumberOfRestartsAsIfThereHadBeenNone() {
    for (int seed = 0; seed < 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      GraphUnderTest steady = new GraphUnderTest(12);
      GraphUnderTest restarting = new GraphUnderTest(12);
      long now = 0;
      boolean isLarge = seed % 10 == 0; // what is gone is squeezed out between restarts
      for (int step = 0; step < 150; step++) {
        now += random.nextInt(1_000);
        int id = random.nextInt(1, 15);
        Span.Builder half = random.nextBoolean() ? client(id) : server(id);
        half.addAttributes(attribute("peer.service", "b".repeat(isLarge ? 9_000 : 4)));
        steady.at(now).accept("shop", half);
        restarting.at(now).accept("shop", half);
        if (random.nextInt(5) == 0) {
          restarting.persist();
        }
        if (random.nextInt(isLarge ? 60 : 8) == 0) {
          restarting.persist().restart();
        }
      }

      assertThat(restarting.waiting()).as("waiting, seed %d", seed).isEqualTo(steady.waiting());
      assertThat(restarting.edges()).as("edges, seed %d", seed).isEqualTo(steady.edges());
      assertThat(restarting.counts().unpaired())
          .as("unpaired, seed %d", seed)
          .isEqualTo(steady.counts().unpaired());
      assertThat(restarting.credited()).as("credited, seed %d", seed).isEqualTo(steady.credited());
    }
  }

  @Test
  void shouldWriteNothingForAPairWithinACommit() {
    graph.accept("shop", client(1)).accept("cart", server(1)).persist();

    assertThat(graph.batches()).isEmpty();
  }

  @Test
  void shouldDropABatchWhenAllInItHasExpired() {
    graph.accept("shop", client(1)).persist();
    graph.at(1).accept("shop", client(2)).persist();

    graph.at(EXPIRED).persist();

    assertThat(graph.batches()).containsOnlyKeys(2L);
  }

  @Test
  void shouldKeepTheLayoutOfVersion5() {
    GraphUnderTest graph = new GraphUnderTest(dimensions("zone", "tier"), ALL);
    graph.at(1_000).accept("shop", client(1).addAttributes(attribute("tier", "gold")));
    Resource pay =
        Resource.newBuilder()
            .addAttributes(attribute("service.name", "pay"))
            .addAttributes(attribute("zone", "a"))
            .build();
    graph.accept(pay, client(3).addAttributes(attribute("peer.service", "bank"))).persist();
    graph.at(2_000).accept("cart", server(1)).accept("cart", server(5)).persist();

    assertThat(hex(graph.batches().get(1L)))
        .isEqualTo(hex(Golden.bytes("half-edges-v5-first.hex")));
    assertThat(hex(graph.batches().get(2L)))
        .isEqualTo(hex(Golden.bytes("half-edges-v5-second.hex")));
  }

  @Test
  void shouldReadTheLayoutOfVersion3() {
    GraphUnderTest graph = new GraphUnderTest(ALL);
    graph.put(1, Golden.bytes("half-edges-v3-first.hex"));
    graph.put(2, Golden.bytes("half-edges-v3-second.hex"));

    graph.at(2_000).restart();

    assertThat(graph.waiting()).isEqualTo(2);
    graph.accept("cart", server(1));
    assertThat(graph.counts().further()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void shouldReadTheLayoutOfAVersionWithAllDimensions(int version) {
    GraphUnderTest graph = new GraphUnderTest(dimensions("zone", "tier"), ALL);
    graph.put(1, Golden.bytes("half-edges-v%d-first.hex".formatted(version)));
    graph.put(2, Golden.bytes("half-edges-v%d-second.hex".formatted(version)));

    graph.at(2_000).restart().accept("cart", server(1));

    assertThat(graph.counts().further()).isEqualTo(1);
    assertThat(graph.labelSets())
        .containsExactly(Map.of("client", "shop", "server", "cart", "tier", "gold"));
  }

  @Test
  void shouldReadTheLayoutOfVersion2() {
    GraphUnderTest graph = new GraphUnderTest(dimensions("zone", "tier"));
    graph.put(1, Golden.bytes("half-edges-v2-first.hex"));

    graph.at(2_000).restart().accept("cart", server(1));

    assertThat(graph.labelSets())
        .containsExactly(Map.of("client", "shop", "server", "cart", "tier", "gold"));
  }

  @Test
  void shouldReadTheLayoutOfVersion1UnderDimensions() {
    GraphUnderTest graph = new GraphUnderTest(dimensions("zone"));
    graph.put(1, Golden.bytes("half-edges-v1-first.hex"));

    graph.at(2_000).restart();
    graph.accept("cart", server(1).addAttributes(attribute("zone", "b")));

    assertThat(graph.labelSets())
        .containsExactly(Map.of("client", "shop", "server", "cart", "zone", "b"));
  }

  @Test
  void shouldReadTheLayoutOfVersion1() {
    graph.put(1, Golden.bytes("half-edges-v1-first.hex"));
    graph.put(2, Golden.bytes("half-edges-v1-second.hex"));

    graph.at(2_000).restart();

    assertThat(graph.waiting()).isEqualTo(3);
    graph.accept("shop", client(5)).at(60_000);
    assertThat(graph.edges())
        .containsExactlyInAnyOrder(
            "shop --> cart: 1, 0 failed, server 30ms, client 50ms",
            "user -virtual_node-> cart: 1, 1 failed, server 30ms, client -",
            "pay -virtual_node-> bank: 1, 0 failed, server -, client 50ms");
  }

  @Test
  void shouldRefuseABatchOfAnotherVersion() {
    graph.put(1, "\u0009".getBytes(ISO_8859_1));

    assertThatThrownBy(graph::restart)
        .isInstanceOf(CorruptLayoutException.class)
        .hasMessage("half edges of version 9; this program reads versions 1 to 5");
  }

  @Test
  void shouldMakeALabelOfADimensionOfEitherSide() {
    GraphUnderTest graph = new GraphUnderTest(dimensions("client.tier", "server.tier", "none"));

    graph.accept("shop", client(1).addAttributes(attribute("client.tier", "gold")));
    graph.accept("cart", server(1).addAttributes(attribute("server.tier", "iron")));

    assertThat(graph.labelSets())
        .containsExactly(
            Map.of(
                "client", "shop", "server", "cart", "client_tier", "gold", "server_tier", "iron"));
  }

  @Test
  void shouldTakeTheServersValueOfADimensionWhicheverSideComesFirst() {
    GraphUnderTest graph = new GraphUnderTest(dimensions("zone"));
    Span.Builder server = server(1).addAttributes(attribute("zone", "of-server"));
    Span.Builder client = client(1).addAttributes(attribute("zone", "of-client"));

    graph.accept("shop", client).accept("cart", server);
    graph.accept("cart", server).accept("shop", client);

    assertThat(graph.labelSets())
        .containsExactly(Map.of("client", "shop", "server", "cart", "zone", "of-server"));
    assertThat(graph.counts().paired()).isEqualTo(2);
  }

  @Test
  void shouldTakeTheClientsValueOfADimensionIfTheServersIsEmpty() {
    GraphUnderTest graph = new GraphUnderTest(dimensions("zone"));

    graph.accept("shop", client(1).addAttributes(attribute("zone", "of-client")));
    graph.accept("cart", server(1).addAttributes(attribute("zone", "")));

    assertThat(graph.labelSets())
        .containsExactly(Map.of("client", "shop", "server", "cart", "zone", "of-client"));
  }

  @Test
  void shouldTakeADimensionFromTheResourceFirst() {
    GraphUnderTest graph = new GraphUnderTest(dimensions("zone"));
    Resource resource =
        Resource.newBuilder()
            .addAttributes(attribute("service.name", "shop"))
            .addAttributes(attribute("zone", "of-resource"))
            .build();

    graph.accept(resource, client(1).addAttributes(attribute("zone", "of-span")));
    graph.accept("cart", server(1));

    assertThat(graph.labelSets())
        .containsExactly(Map.of("client", "shop", "server", "cart", "zone", "of-resource"));
  }

  @Test
  void shouldKeepTheSidesApartByPrefix() {
    GraphUnderTest graph =
        new GraphUnderTest(
            new EdgeSettings(List.of("beast", "god"), true, false, true, false, false));

    graph.accept(
        "shop",
        client(1)
            .addAttributes(attribute("beast", "manticore"))
            .addAttributes(attribute("god", "ares")));
    graph.accept(
        "cart",
        server(1)
            .addAttributes(attribute("beast", "manticore"))
            .addAttributes(attribute("god", "zeus")));

    assertThat(graph.labelSets())
        .containsExactly(
            Map.of(
                "client", "shop",
                "server", "cart",
                "client_beast", "manticore",
                "server_beast", "manticore",
                "client_god", "ares",
                "server_god", "zeus"));
  }

  @Test
  void shouldKnowOnlyTheClientsDimensionsOfADatabaseCall() {
    GraphUnderTest graph =
        new GraphUnderTest(new EdgeSettings(List.of("db.system"), true, false, true, false, false));

    graph.accept("shop", client(1).addAttributes(attribute("db.system", "postgresql")));

    assertThat(graph.labelSets())
        .containsExactly(
            Map.of(
                "client", "shop",
                "server", "postgresql",
                "connection_type", "database",
                "client_db_system", "postgresql"));
  }

  @Test
  void shouldTellEdgesApartByTheirDimensions() {
    GraphUnderTest graph = new GraphUnderTest(dimensions("a", "b"));

    graph.accept("shop", client(1).addAttributes(attribute("a", "x"))).accept("cart", server(1));
    graph.accept("shop", client(2).addAttributes(attribute("b", "x"))).accept("cart", server(2));

    assertThat(graph.labelSets()).hasSize(2);
  }

  @Test
  void shouldSayWhichSideIsVirtual() {
    GraphUnderTest graph =
        new GraphUnderTest(new EdgeSettings(List.of(), false, true, true, false, false));

    graph.accept("shop", rootServer()).accept("cart", client(1)).accept("pay", server(1));
    graph.accept("shop", client(2).addAttributes(attribute("peer.service", "bank"))).at(EXPIRED);

    assertThat(graph.labelSets())
        .extracting(labels -> labels.getOrDefault("virtual_node", "none"))
        .containsExactly("none", "client", "server");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 5})
  void shouldReadDimensionsByNameNotByPlace(int version) {
    GraphUnderTest graph = new GraphUnderTest(dimensions("tier", "new"));
    graph.put(1, Golden.bytes("half-edges-v%d-first.hex".formatted(version)));

    graph.at(2_000).restart().accept("cart", server(1));

    assertThat(graph.labelSets())
        .containsExactly(Map.of("client", "shop", "server", "cart", "tier", "gold"));
  }

  @Test
  void shouldObserveTheTimeFromProducerToConsumer() {
    GraphUnderTest graph = new GraphUnderTest(MESSAGING);

    graph.accept("shop", producer(1, 10)).accept("mail", consumer(1, 12));
    graph.accept("mail", consumer(2, 13)).accept("shop", producer(2, 10));

    Amounts amounts = graph.amounts(MetricGroup.SERVICE_GRAPH_MESSAGING);
    assertThat(amounts.exact(0)).isEqualTo(5_000_000);
    assertThat(amounts.exact(1)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(longs = {10, 9})
  void shouldObserveNothingIfTheConsumerBeganBeforeTheProducerEnded(long start) {
    GraphUnderTest graph = new GraphUnderTest(MESSAGING);

    graph.accept("shop", producer(1, 10)).accept("mail", consumer(1, start));

    assertThat(graph.labelSets(MetricGroup.SERVICE_GRAPH_MESSAGING)).isEmpty();
    assertThat(graph.counts().paired()).isEqualTo(1);
  }

  @Test
  void shouldObserveNoMessagingLatencyOfOtherCallsNorUnlessItIsAskedFor() {
    GraphUnderTest asked = new GraphUnderTest(MESSAGING);

    asked.accept("shop", producer(1, 10).setKindValue(3));
    asked.accept("mail", consumer(1, 12).setKindValue(2));
    graph.accept("shop", producer(1, 10)).accept("mail", consumer(1, 12));

    assertThat(asked.labelSets(MetricGroup.SERVICE_GRAPH_MESSAGING)).isEmpty();
    assertThat(graph.labelSets(MetricGroup.SERVICE_GRAPH_MESSAGING)).isEmpty();
  }

  private static Span.Builder producer(int id, long endMillis) {
    return client(id)
        .setKind(Span.SpanKind.SPAN_KIND_PRODUCER)
        .setEndTimeUnixNano(endMillis * 1_000_000);
  }

  private static Span.Builder consumer(int parent, long startMillis) {
    return server(parent)
        .setKind(Span.SpanKind.SPAN_KIND_CONSUMER)
        .setStartTimeUnixNano(startMillis * 1_000_000);
  }

  @Test
  void shouldSayThatAnEdgeIsThere() {
    GraphUnderTest graph =
        new GraphUnderTest(new EdgeSettings(List.of(), false, false, true, false, true));

    graph.accept("shop", client(1)).accept("cart", server(1)).accept("shop", rootServer());
    graph.at(EXPIRED);

    assertThat(graph.labelSets(MetricGroup.CONNECTION_INFO))
        .containsExactly(
            Map.of("client", "shop", "server", "cart"),
            Map.of("client", "user", "server", "shop", "connection_type", "virtual_node"));
  }

  @Test
  void shouldCountNoRequestsIfOnlyConnectionsAreAskedFor() {
    GraphUnderTest graph =
        new GraphUnderTest(new EdgeSettings(List.of(), false, false, false, false, true));

    graph.accept("shop", client(1)).accept("cart", server(1));

    assertThat(graph.amounts(MetricGroup.SERVICE_GRAPH).isZero(0)).isTrue();
    graph.accept("shop", client(1)).accept("cart", server(1));
    assertThat(graph.labelSets(MetricGroup.CONNECTION_INFO)).hasSize(1);
  }

  private static EdgeSettings dimensions(String... dimensions) {
    return new EdgeSettings(List.of(dimensions), false, false, true, false, false);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
