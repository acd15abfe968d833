package dev.weir.allinone.demo;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * A shop of a dozen services. The same seed gives the same traces in the same order. For one
 * thread.
 */
final class Shop {
  private final RandomGenerator random;
  private final List<Scenario> scenarios = scenarios();

  Shop(long seed) {
    this.random = new Random(seed);
  }

  /** The next trace. */
  TracePlan next() {
    double chosen = random.nextDouble();
    for (Scenario scenario : scenarios) {
      chosen -= scenario.share();
      if (chosen < 0) {
        return scenario.plan(random);
      }
    }
    return scenarios.get(0).plan(random);
  }

  /** Every service that may send spans. */
  static Set<String> services() {
    Set<String> services = new TreeSet<>();
    scenarios().forEach(scenario -> collect(scenario.entry(), services));
    return services;
  }

  private static void collect(Endpoint endpoint, Set<String> services) {
    services.add(endpoint.service());
    for (Step step : endpoint.steps()) {
      if (step instanceof Step.Call call) {
        collect(call.endpoint(), services);
      } else if (step instanceof Step.Publish publish) {
        collect(publish.consumer(), services);
      }
    }
  }

  private static List<Scenario> scenarios() {
    Database catalogDatabase =
        new Database(
            "catalog-db",
            Map.of(
                "db.system", "postgresql",
                "db.namespace", "catalog",
                "server.address", "catalog-db"));
    Database carts = new Database("redis", Map.of("db.system", "redis"));
    Database orders =
        new Database("orders", Map.of("db.system", "postgresql", "db.namespace", "orders"));
    Database stock =
        new Database(
            "stock-db",
            Map.of("db.system", "mysql", "db.name", "stock", "peer.service", "stock-db"));
    Database users =
        new Database(
            "10.0.3.7:5432",
            Map.of(
                "db.system.name", "postgresql",
                "db.namespace", "users",
                "network.peer.address", "10.0.3.7",
                "network.peer.port", "5432"));
    Database index = new Database("opensearch", Map.of("db.system.name", "opensearch"));

    Endpoint session =
        endpoint("accounts", "GET /session", 1.5, 0.001, query(users, "SELECT users", 1.8, 0.0005));
    Endpoint login =
        endpoint(
            "accounts",
            "POST /login",
            4,
            0.02,
            query(users, "SELECT users", 1.8, 0.0005),
            new Step.Work("verify password", Latency.ofMillis(45)));
    Endpoint levels =
        endpoint("inventory", "GET /levels", 1.2, 0.001, query(stock, "SELECT stock", 2.2, 0.001));
    Endpoint reserve =
        endpoint(
            "inventory", "POST /reservations", 3, 0.004, query(stock, "UPDATE stock", 5, 0.004));
    Endpoint product =
        endpoint(
            "catalog",
            "GET /products/{id}",
            2.5,
            0.001,
            query(catalogDatabase, "SELECT products", 3.2, 0.001),
            call(levels, 0.9, false));
    Endpoint products =
        endpoint(
            "catalog",
            "GET /products",
            5,
            0.002,
            query(catalogDatabase, "SELECT products", 3.2, 0.001));
    Endpoint similar =
        new Endpoint(
            "recommendations",
            "GET /similar",
            Latency.ofMillis(18).slowAt(0.04),
            0.01,
            List.of(call(products, 0.7, false)));
    Endpoint search =
        new Endpoint(
            "search",
            "GET /search",
            Latency.ofMillis(9).slowAt(0.02),
            0.003,
            List.of(query(index, "search products", 14, 0.002), call(products, 1, true)));
    Endpoint cart = endpoint("cart", "GET /cart", 1, 0.0005, query(carts, "HGETALL", 0.4, 0.0005));
    Endpoint addToCart =
        endpoint(
            "cart",
            "POST /cart/items",
            1.6,
            0.002,
            call(product, 1, true),
            query(carts, "HSET", 0.5, 0.0005));
    Endpoint pay =
        new Endpoint(
            "payment",
            "POST /charges",
            Latency.ofMillis(6),
            0.004,
            List.of(
                new Step.External(
                    "acme-pay", "POST /v1/charges", Latency.ofMillis(140).slowAt(0.03), 0.02)));
    Endpoint quote =
        endpoint(
            "shipping",
            "POST /quotes",
            4,
            0.003,
            new Step.External("parcel-carrier", "POST /rates", Latency.ofMillis(60), 0.008));
    Endpoint confirmation =
        endpoint(
            "email",
            "order-placed process",
            12,
            0.01,
            new Step.External("mail-relay", "SEND", Latency.ofMillis(35), 0.01));
    Endpoint dispatch =
        endpoint("shipping", "order-paid process", 7, 0.002, call(reserve, 1, true));
    Endpoint placeOrder =
        endpoint(
            "checkout",
            "POST /orders",
            8,
            0.004,
            call(cart, 1, true),
            call(quote, 1, true),
            new Step.Work("price order", Latency.ofMillis(3)),
            call(pay, 1, true),
            query(orders, "INSERT orders", 4, 0.001),
            new Step.Publish("order-paid", dispatch),
            new Step.Publish("order-placed", confirmation));

    return List.of(
        new Scenario(
            0.44,
            true,
            page(
                "GET /product",
                call(session, 0.6, false),
                call(product, 1, true),
                call(similar, 1, false))),
        new Scenario(0.2, true, page("GET /search", call(search, 1, true))),
        new Scenario(
            0.17, true, page("POST /cart", call(session, 1, true), call(addToCart, 1, true))),
        new Scenario(0.08, true, page("GET /cart", call(session, 1, true), call(cart, 1, true))),
        new Scenario(
            0.06, true, page("POST /checkout", call(session, 1, true), call(placeOrder, 1, true))),
        new Scenario(0.04, true, page("POST /login", call(login, 1, true))),
        new Scenario(
            0.01,
            false,
            endpoint(
                "inventory",
                "restock",
                20,
                0.01,
                query(stock, "SELECT stock", 2.2, 0.001),
                call(products, 1, true))));
  }

  /** A page of the web frontend: everything behind it goes through the gateway. */
  private static Endpoint page(String name, Step... behind) {
    Endpoint gateway = endpoint("gateway", name.replace(" /", " /api/"), 1.2, 0.0005, behind);
    return endpoint("web", name, 6, 0.001, call(gateway, 1, true));
  }

  private static Endpoint endpoint(
      String service, String name, double medianMillis, double failureShare, Step... steps) {
    return new Endpoint(
        service, name, Latency.ofMillis(medianMillis), failureShare, List.of(steps));
  }

  private static Step call(Endpoint endpoint, double likelihood, boolean essential) {
    return new Step.Call(endpoint, likelihood, essential);
  }

  private static Step query(
      Database database, String name, double medianMillis, double failureShare) {
    return new Step.Query(database, name, Latency.ofMillis(medianMillis), failureShare);
  }

  /**
   * What people, or the shop itself, do.
   *
   * @param share of all traces, 0 to 1
   * @param requested whether a person asks for it
   */
  private record Scenario(double share, boolean requested, Endpoint entry) {

    TracePlan plan(RandomGenerator random) {
      return requested ? TracePlanner.request(entry, random) : TracePlanner.job(entry, random);
    }
  }
}
