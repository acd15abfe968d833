package dev.weir.allinone.demo;

import java.util.Map;

/**
 * A database as its clients' spans describe it.
 *
 * @param node what it is called in the graph
 * @param attributes what its clients say about it; instrumentations differ in what they say
 */
record Database(String node, Map<String, String> attributes) {

  Database {
    attributes = Map.copyOf(attributes);
  }
}
