package dev.reelbeam.clients.provider;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** On which line of a YAML document something stands. */
final class YamlPlaces {
  private static final int MAX_DEPTH = 20;

  private final Map<String, Integer> lines = new HashMap<>();
  private final List<String> twice = new ArrayList<>();

  private YamlPlaces() {}

  /**
   * Looks through a document.
   *
   * @throws MarkedYAMLException if it is none
   */
  static YamlPlaces of(String text) {
    YamlPlaces places = new YamlPlaces();
    Node root = new Yaml(new LoaderOptions()).compose(new StringReader(text));
    if (root != null) {
      places.add("", root, 0);
    }
    return places;
  }

  private void add(String place, Node node, int depth) {
    if (depth > MAX_DEPTH) {
      return;
    }
    lines.putIfAbsent(place, node.getStartMark().getLine() + 1);
    if (node instanceof MappingNode mapping) {
      for (NodeTuple entry : mapping.getValue()) {
        if (entry.getKeyNode() instanceof ScalarNode key) {
          String inside = place.isEmpty() ? key.getValue() : place + "." + key.getValue();
          int line = key.getStartMark().getLine() + 1;
          if (lines.putIfAbsent(inside, line) != null) {
            twice.add(inside);
            lines.put(inside, line);
          }
          add(inside, entry.getValueNode(), depth + 1);
        }
      }
    } else if (node instanceof SequenceNode sequence) {
      for (int i = 0; i < sequence.getValue().size(); i++) {
        add(place + "[" + i + "]", sequence.getValue().get(i), depth + 1);
      }
    }
  }

  /** Keys that stand twice in a mapping; YAML would take the last. */
  List<String> twice() {
    return List.copyOf(twice);
  }

  /** The line of a place, or of the nearest one around it that is there; from 1. */
  int line(String place) {
    String around = place;
    while (!around.isEmpty()) {
      Integer line = lines.get(around);
      if (line != null) {
        return line;
      }
      int end = Math.max(around.lastIndexOf('.'), around.lastIndexOf('['));
      around = around.substring(0, Math.max(0, end));
    }
    return lines.getOrDefault("", 1);
  }
}
