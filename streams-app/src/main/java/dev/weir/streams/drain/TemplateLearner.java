package dev.weir.streams.drain;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Learns templates of one tenant's span names: the DRAIN algorithm as Tempo parametrises it. Names
 * go down a tree, by their number of tokens and then token by token; in a leaf they join the most
 * similar cluster, which keeps only what its names have in common, or begin one. What is learned
 * depends on the order of the names, so there must be one learner with one order. Deterministic;
 * not thread-safe.
 */
public final class TemplateLearner {
  private static final int LEVELS = 28;
  private static final int MOST_CHILDREN = 999;
  private static final double LEAST_SIMILARITY = 0.3;

  private final int mostClusters;
  private final Map<Integer, Node> byLength = new HashMap<>();

  /** Clusters without a parameter, in the order of their last use. */
  private final LinkedHashMap<Cluster, Boolean> single = new LinkedHashMap<>(16, 0.75f, true);

  /** Those with one, which are templates, likewise. */
  private final LinkedHashMap<Cluster, Boolean> templated = new LinkedHashMap<>(16, 0.75f, true);

  private final Map<Integer, Long> namesByTokens = new HashMap<>();
  private long detected;
  private long evicted;

  /** Null if it has to be made anew. */
  private @Nullable SpanNameTemplates templates;

  /**
   * @param mostClusters how many clusters to keep, at least 1; the one that was not used for
   *     longest gives way: one without a parameter, since who applies templates does not say that
   *     they are in use, unless more than three quarters have one
   */
  public TemplateLearner(int mostClusters) {
    this(mostClusters, SpanNameTemplates.NONE);
  }

  /**
   * Goes on where another learner was.
   *
   * @param known its templates
   */
  public TemplateLearner(int mostClusters, SpanNameTemplates known) {
    this.mostClusters = mostClusters;
    known.templates().forEach(tokens -> templated.put(insert(tokens), true));
  }

  /**
   * Learns from a name.
   *
   * @return the template that the name belongs to now, as text; the name itself if it has too few
   *     or too many tokens
   */
  public String learn(String name) {
    List<String> tokens = Tokens.of(name);
    namesByTokens.merge(tokens.size(), 1L, Long::sum);
    if (!Tokens.isWithinLimits(tokens)) {
      return name;
    }
    Cluster cluster = find(tokens);
    if (cluster == null) {
      cluster = insert(tokens);
      detected++;
    } else if (cluster.join(tokens)) {
      templates = null;
      single.remove(cluster);
    }
    (cluster.parameters() > 0 ? templated : single).put(cluster, true);
    if (patterns() > mostClusters) {
      forgetEldest();
      evicted++;
    }
    return Tokens.join(cluster.tokens);
  }

  /** How many clusters there are. */
  public int patterns() {
    return single.size() + templated.size();
  }

  /** What it has done since this was last taken. */
  public NamesLearned takeLearned() {
    NamesLearned taken = new NamesLearned(namesByTokens, detected, evicted);
    namesByTokens.clear();
    detected = 0;
    evicted = 0;
    return taken;
  }

  /** What was learned so far: the templates that have a parameter. */
  public SpanNameTemplates templates() {
    SpanNameTemplates made = templates;
    if (made == null) {
      made =
          SpanNameTemplates.of(
              templated.keySet().stream().map(cluster -> List.copyOf(cluster.tokens)).toList());
      templates = made;
    }
    return made;
  }

  private @Nullable Cluster find(List<String> tokens) {
    Node node = byLength.get(tokens.size());
    for (int level = 1; node != null && level < levels(tokens); level++) {
      Node parameter = node.children.get(Tokens.PARAMETER);
      node = parameter != null ? parameter : node.children.get(tokens.get(level - 1));
    }
    return node == null ? null : node.mostSimilar(tokens);
  }

  /** How many levels of the tree a name goes down, the one of its length included. */
  private static int levels(List<String> tokens) {
    return Math.min(LEVELS, tokens.size());
  }

  private Cluster insert(List<String> tokens) {
    Node node = byLength.computeIfAbsent(tokens.size(), length -> new Node(null, ""));
    for (int level = 1; level < levels(tokens); level++) {
      node = node.childFor(tokens.get(level - 1));
    }
    Cluster cluster = new Cluster(node, new ArrayList<>(tokens));
    node.clusters.add(cluster);
    return cluster;
  }

  private void forgetEldest() {
    boolean isTemplate = single.isEmpty() || templated.size() > mostClusters * 3 / 4;
    if (isTemplate) {
      templates = null;
    }
    Iterator<Cluster> eldest = (isTemplate ? templated : single).keySet().iterator();
    Cluster cluster = eldest.next();
    eldest.remove();
    cluster.leaf.clusters.remove(cluster);
    Node node = cluster.leaf;
    Node parent = node.parent;
    while (parent != null && node.isEmpty()) {
      parent.children.remove(node.token);
      node = parent;
      parent = node.parent;
    }
  }

  /** A place in the tree. */
  private static final class Node {
    private final @Nullable Node parent;
    private final String token;
    private final Map<String, Node> children = new HashMap<>();
    private final Deque<Cluster> clusters = new ArrayDeque<>();

    Node(@Nullable Node parent, String token) {
      this.parent = parent;
      this.token = token;
    }

    boolean isEmpty() {
      return children.isEmpty() && clusters.isEmpty();
    }

    /** The child for a token; tokens that look like data, and too many of them, share one. */
    Node childFor(String wanted) {
      Node known = children.get(wanted);
      if (known != null) {
        return known;
      }
      int exact = children.size() - (children.containsKey(Tokens.PARAMETER) ? 1 : 0);
      boolean isShared = exact >= MOST_CHILDREN || Tokens.looksLikeData(wanted);
      return children.computeIfAbsent(
          isShared ? Tokens.PARAMETER : wanted, key -> new Node(this, key));
    }

    @Nullable Cluster mostSimilar(List<String> tokens) {
      Cluster best = null;
      int mostEqual = -1;
      int mostParameters = -1;
      for (Cluster cluster : clusters) {
        int equal = cluster.equalTokens(tokens);
        int parameters = cluster.parameters();
        if (equal > mostEqual || (equal == mostEqual && parameters > mostParameters)) {
          best = cluster;
          mostEqual = equal;
          mostParameters = parameters;
        }
      }
      return mostEqual >= LEAST_SIMILARITY * tokens.size() ? best : null;
    }
  }

  /** Names that are taken for the same. */
  private record Cluster(Node leaf, List<String> tokens) {
    int equalTokens(List<String> others) {
      int equal = 0;
      for (int i = 0; i < tokens.size(); i++) {
        boolean isParameter = tokens.get(i).equals(Tokens.PARAMETER);
        equal += !isParameter && tokens.get(i).equals(others.get(i)) ? 1 : 0;
      }
      return equal;
    }

    int parameters() {
      return (int) tokens.stream().filter(Tokens.PARAMETER::equals).count();
    }

    /** Keeps what the names have in common; whether that is less than before. */
    boolean join(List<String> others) {
      boolean isLess = false;
      for (int i = 0; i < tokens.size(); i++) {
        String token = tokens.get(i);
        if (!token.equals(others.get(i)) && !token.equals(Tokens.PARAMETER)) {
          tokens.set(i, Tokens.PARAMETER);
          isLess = true;
        }
      }
      return isLess;
    }

    /** A cluster is itself whatever its tokens are. */
    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }
}
