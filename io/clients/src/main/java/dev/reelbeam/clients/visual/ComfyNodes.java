package dev.reelbeam.clients.visual;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The nodes that a ComfyUI server has, as {@code /object_info} lists them: what goes into each and
 * what comes out. It judges workflows more strictly than the server, which lets unknown inputs pass
 * and finds some mistakes only while it runs.
 */
final class ComfyNodes {
  private static final int MOST_NODES = 200;
  private static final int MOST_FAULTS = 8;
  private static final int MOST_CHOICES = 12;
  private static final String ANY = "*";

  /** How one input is declared. */
  private record Input(boolean required, String type, List<String> choices, JsonNode options) {
    /** Inputs whose value stands in the workflow; all others are links. */
    boolean widget() {
      return Set.of("INT", "FLOAT", "STRING", "BOOLEAN", "COMBO").contains(type)
          || type.startsWith("COMFY_DYNAMICCOMBO");
    }
  }

  /** One kind of node. */
  private record Kind(
      Map<String, Input> inputs, List<String> outputs, boolean ends, String module) {}

  private final Map<String, Kind> kinds = new TreeMap<>();

  /** Reads the list. What is no description of a node is left out. */
  ComfyNodes(JsonNode objectInfo) {
    for (Iterator<Map.Entry<String, JsonNode>> i = objectInfo.fields(); i.hasNext(); ) {
      Map.Entry<String, JsonNode> entry = i.next();
      JsonNode node = entry.getValue();
      if (!node.path("input").isObject()) {
        continue;
      }
      Map<String, Input> inputs = new LinkedHashMap<>();
      addInputs(node.path("input").path("required"), true, inputs);
      addInputs(node.path("input").path("optional"), false, inputs);
      List<String> outputs = new ArrayList<>();
      // A type that is a list of choices is a text with these values.
      node.path("output").forEach(type -> outputs.add(type.isTextual() ? type.asText() : "COMBO"));
      kinds.put(
          entry.getKey(),
          new Kind(
              inputs,
              outputs,
              node.path("output_node").asBoolean(false),
              node.path("python_module").asText("nodes")));
    }
  }

  private static void addInputs(JsonNode declared, boolean required, Map<String, Input> inputs) {
    for (Iterator<Map.Entry<String, JsonNode>> i = declared.fields(); i.hasNext(); ) {
      Map.Entry<String, JsonNode> entry = i.next();
      JsonNode type = entry.getValue().path(0);
      JsonNode options = entry.getValue().path(1);
      List<String> choices = new ArrayList<>();
      // Two ways to write choices: the older one puts them in place of the type.
      JsonNode listed = type.isArray() ? type : options.path("options");
      for (JsonNode choice : listed) {
        choices.add(choice.isObject() ? choice.path("key").asText() : choice.asText());
      }
      inputs.put(
          entry.getKey(),
          new Input(required, type.isArray() ? "COMBO" : type.asText(), choices, options));
    }
  }

  /** How many kinds of nodes there are. */
  int size() {
    return kinds.size();
  }

  boolean has(String kind) {
    return kinds.containsKey(kind);
  }

  /** The choices of an input, files of models for instance; empty if there are none. */
  List<String> choices(String kind, String input) {
    Kind known = kinds.get(kind);
    Input declared = known == null ? null : known.inputs().get(input);
    return declared == null ? List.of() : declared.choices();
  }

  /** The type of an input; empty if it is not known. */
  String type(String kind, String input) {
    Kind known = kinds.get(kind);
    Input declared = known == null ? null : known.inputs().get(input);
    return declared == null ? "" : declared.type();
  }

  /**
   * What is wrong with a workflow in API format; nothing if it can run.
   *
   * @return faults in words, a few at most
   */
  List<String> faults(JsonNode workflow) {
    List<String> faults = new ArrayList<>();
    if (!workflow.isObject() || workflow.isEmpty() || workflow.size() > MOST_NODES) {
      return List.of("1 to " + MOST_NODES + " nodes are expected, each under its number");
    }
    boolean ends = false;
    for (Iterator<Map.Entry<String, JsonNode>> i = workflow.fields(); i.hasNext(); ) {
      Map.Entry<String, JsonNode> entry = i.next();
      String name = entry.getValue().path("class_type").asText("");
      Kind kind = kinds.get(name);
      String where = "node " + entry.getKey() + " (" + name + ")";
      if (kind == null) {
        faults.add(where + ": the server has no such node");
      } else {
        ends |= kind.ends();
        inputFaults(where, kind, entry.getValue().path("inputs"), workflow, faults);
      }
    }
    if (!ends && faults.isEmpty()) {
      faults.add("no node of it saves anything");
    }
    if (faults.isEmpty() && goesRound(workflow)) {
      faults.add("a node waits for itself");
    }
    return List.copyOf(faults.subList(0, Math.min(MOST_FAULTS, faults.size())));
  }

  private void inputFaults(
      String where, Kind kind, JsonNode inputs, JsonNode workflow, List<String> faults) {
    kind.inputs()
        .forEach(
            (name, declared) -> {
              if (declared.required() && !inputs.has(name)) {
                faults.add(where + ": '" + name + "' is missing");
              }
            });
    for (Iterator<Map.Entry<String, JsonNode>> i = inputs.fields(); i.hasNext(); ) {
      Map.Entry<String, JsonNode> entry = i.next();
      String at = where + "." + entry.getKey();
      Input declared = kind.inputs().get(entry.getKey());
      if (declared == null) {
        faults.add(at + ": there is no such input");
      } else if (entry.getValue().isArray()) {
        linkFault(at, declared, entry.getValue(), workflow, faults);
      } else {
        valueFault(at, declared, entry.getValue(), faults);
      }
    }
  }

  private void linkFault(
      String at, Input declared, JsonNode link, JsonNode workflow, List<String> faults) {
    JsonNode from = workflow.path(link.path(0).asText(""));
    Kind kind = kinds.get(from.path("class_type").asText(""));
    int output = link.path(1).canConvertToInt() ? link.path(1).asInt(-1) : -1;
    if (link.size() != 2 || kind == null) {
      faults.add(at + ": it is linked to a node that is not there");
      return;
    }
    if (output < 0 || output >= kind.outputs().size()) {
      faults.add(at + ": the node that it is linked to has no output " + link.path(1));
      return;
    }
    String given = kind.outputs().get(output);
    if (!fits(given, declared.type())) {
      faults.add(at + ": wants " + declared.type() + " and is linked to " + given);
    }
  }

  /** Types may name several, separated by commas. */
  private static boolean fits(String given, String wanted) {
    if (given.equals(ANY) || wanted.equals(ANY)) {
      return true;
    }
    Set<String> takes = new HashSet<>(List.of(wanted.split(",", -1)));
    return takes.containsAll(List.of(given.split(",", -1)));
  }

  private static void valueFault(String at, Input declared, JsonNode value, List<String> faults) {
    boolean right =
        switch (declared.type()) {
          case "INT" -> value.isIntegralNumber();
          case "FLOAT" -> value.isNumber();
          case "STRING" -> value.isTextual();
          case "BOOLEAN" -> value.isBoolean();
          default -> declared.widget() && value.isValueNode() && !value.isNull();
        };
    if (!right) {
      faults.add(
          at + ": wants " + declared.type() + (declared.widget() ? "" : ", linked from a node"));
      return;
    }
    if (!declared.choices().isEmpty() && !declared.choices().contains(value.asText())) {
      faults.add(at + ": '" + value.asText() + "' is none of " + few(declared.choices()));
    }
    if (value.isNumber()) {
      BigDecimal number = value.decimalValue();
      JsonNode least = declared.options().path("min");
      JsonNode most = declared.options().path("max");
      if ((least.isNumber() && number.compareTo(least.decimalValue()) < 0)
          || (most.isNumber() && number.compareTo(most.decimalValue()) > 0)) {
        faults.add(at + ": " + number + " is not within " + least + " to " + most);
      }
    }
  }

  private static String few(List<String> choices) {
    return choices.size() <= MOST_CHOICES
        ? choices.toString()
        : choices.subList(0, MOST_CHOICES) + " and " + (choices.size() - MOST_CHOICES) + " more";
  }

  /** Whether taking away what waits for nothing, again and again, leaves nodes over. */
  private static boolean goesRound(JsonNode workflow) {
    Map<String, Set<String>> waits = new HashMap<>();
    for (Iterator<String> i = workflow.fieldNames(); i.hasNext(); ) {
      String id = i.next();
      Set<String> before = new HashSet<>();
      for (JsonNode input : workflow.path(id).path("inputs")) {
        if (input.isArray()) {
          before.add(input.path(0).asText());
        }
      }
      waits.put(id, before);
    }
    while (!waits.isEmpty()) {
      Set<String> done = new HashSet<>();
      waits.forEach(
          (id, before) -> {
            if (before.stream().noneMatch(waits::containsKey)) {
              done.add(id);
            }
          });
      if (done.isEmpty()) {
        return true;
      }
      waits.keySet().removeAll(done);
    }
    return false;
  }

  /**
   * Nodes of the server's own in lines for a language model: names, inputs, outputs. Nodes that
   * others installed are left out, and so is what reads files of the server: nothing that a model
   * wrote reaches them.
   *
   * @param like a workflow whose nodes come first
   */
  List<String> described(ObjectNode like, int most) {
    Set<String> wanted = new HashSet<>();
    like.forEach(node -> wanted.add(node.path("class_type").asText()));
    Set<String> families = new HashSet<>();
    wanted.stream().filter(kinds::containsKey).forEach(name -> families.add(module(name)));
    List<String> names = new ArrayList<>(kinds.keySet());
    names.removeIf(name -> !offered(name));
    names.sort(
        java.util.Comparator.comparingInt(
            name -> wanted.contains(name) ? 0 : families.contains(module(name)) ? 1 : 2));
    return names.stream().limit(most).map(this::line).toList();
  }

  private String module(String name) {
    Kind kind = kinds.get(name);
    return kind == null ? "" : kind.module();
  }

  private boolean offered(String name) {
    boolean own = module(name).equals("nodes") || module(name).startsWith("comfy_extras");
    boolean reads = name.startsWith("Load") && !name.startsWith("LoraLoader");
    return own && !reads;
  }

  /** Whether all nodes of a workflow are such as {@link #described} offers. */
  List<String> notOffered(JsonNode workflow) {
    List<String> faults = new ArrayList<>();
    for (JsonNode node : workflow) {
      String name = node.path("class_type").asText("");
      if (kinds.containsKey(name) && !offered(name)) {
        faults.add("node " + name + " may not be used");
      }
    }
    return faults;
  }

  private String line(String name) {
    Kind kind = java.util.Objects.requireNonNull(kinds.get(name));
    List<String> inputs = new ArrayList<>();
    kind.inputs()
        .forEach(
            (input, declared) ->
                inputs.add(
                    input
                        + (declared.required() ? ": " : "?: ")
                        + declared.type()
                        + range(declared)));
    return name + "(" + String.join(", ", inputs) + ") -> " + kind.outputs();
  }

  private static String range(Input declared) {
    if (!declared.choices().isEmpty()) {
      return " " + few(declared.choices());
    }
    JsonNode least = declared.options().path("min");
    JsonNode most = declared.options().path("max");
    return least.isNumber() && most.isNumber() ? " " + least + ".." + most : "";
  }
}
