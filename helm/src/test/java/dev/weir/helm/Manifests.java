package dev.weir.helm;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Rendered manifests by {@code Kind/name}. */
record Manifests(Map<String, Node> byName) {

  static Manifests parse(String rendered) {
    Map<String, Node> byName = new TreeMap<>();
    Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
    StreamSupport.stream(yaml.loadAll(rendered).spliterator(), false)
        .filter(document -> document != null)
        .map(Node::new)
        .forEach(
            node -> byName.put(node.text("kind") + "/" + node.at("metadata").text("name"), node));
    return new Manifests(byName);
  }

  Node get(String kindAndName) {
    Node node = byName.get(kindAndName);
    if (node == null) {
      throw new AssertionError("no " + kindAndName + " among " + byName.keySet());
    }
    return node;
  }

  /** The pod template's specification. */
  Node pod(String workload) {
    return get(workload).at("spec", "template", "spec");
  }

  /** The only container of the pod template. */
  Node container(String workload) {
    return pod(workload).items("containers").get(0);
  }

  /** All workloads, by their {@code Kind/name}. */
  List<String> workloads() {
    return byName.keySet().stream()
        .filter(name -> name.startsWith("Deployment/") || name.startsWith("StatefulSet/"))
        .toList();
  }

  /** A place in a document. */
  record Node(Object value) {

    Node at(String... path) {
      Object place = value;
      for (String name : path) {
        place = place instanceof Map<?, ?> map ? map.get(name) : null;
      }
      return new Node(place);
    }

    /** The text at {@code name}; {@code "null"} if there is nothing. */
    String text(String name) {
      return String.valueOf(at(name).value());
    }

    /** A mapping of names to texts. */
    Map<String, String> entries() {
      Map<String, String> entries = new TreeMap<>();
      ((Map<?, ?>) value).forEach((key, text) -> entries.put(key.toString(), text.toString()));
      return entries;
    }

    List<Node> items(String name) {
      return at(name).value() instanceof List<?> list
          ? list.stream().map(Node::new).toList()
          : List.of();
    }

    /** The value of {@code wanted} in each item of a list, in order. */
    List<String> each(String name, String wanted) {
      return items(name).stream().map(item -> item.text(wanted)).toList();
    }

    /** The item of a list whose {@code name} is {@code wanted}. */
    Node named(String list, String wanted) {
      return items(list).stream()
          .filter(item -> item.text("name").equals(wanted))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no " + wanted + " in " + list + " of " + value));
    }
  }
}
