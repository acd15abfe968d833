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
import dev.weir.schemas.layout.CorruptLayoutException;
import dev.weir.streams.Golden;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceGraphTest {
  private static final long EXPIRED = GraphUnderTest.WAIT_MILLIS;
  private static final Status ERROR =
      Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR).build();

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
    graph.accept("shop", client(1).setKind(Span.SpanKind.valueOf("SPAN_KIND_" + sending)));
    graph.accept("mail", server(1).setKind(Span.SpanKind.valueOf("SPAN_KIND_" + receiving)));

    assertThat(graph.edges())
        .containsExactly("shop -messaging_system-> mail: 1, 0 failed, server 30ms, client 50ms");
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
    assertThat(graph.counts().unpaired())
        .containsExactly(java.util.Map.entry("SPAN_KIND_" + kind, 1L));
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
    assertThat(small.counts().unpaired()).containsExactly(java.util.Map.entry("max_items", 1L));
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
      for (int step = 0; step < 150; step++) {
        now += random.nextInt(1_000);
        int id = random.nextInt(1, 15);
        Span.Builder half = random.nextBoolean() ? client(id) : server(id);
        steady.at(now).accept("shop", half);
        restarting.at(now).accept("shop", half);
        if (random.nextInt(5) == 0) {
          restarting.persist();
        }
        if (random.nextInt(8) == 0) {
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
  void shouldKeepTheLayoutOfVersion1() {
    graph.at(1_000).accept("shop", client(1)).accept("cart", rootServer().setStatus(ERROR));
    graph.accept("pay", client(3).addAttributes(attribute("peer.service", "bank"))).persist();
    graph.at(2_000).accept("cart", server(1)).accept("cart", server(5)).persist();

    assertThat(hex(graph.batches().get(1L)))
        .isEqualTo(hex(Golden.bytes("half-edges-v1-first.hex")));
    assertThat(hex(graph.batches().get(2L)))
        .isEqualTo(hex(Golden.bytes("half-edges-v1-second.hex")));
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
        .hasMessage("half edges of version 9; this program reads version 1");
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
