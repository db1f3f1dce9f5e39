package dev.reelbeam.clients.visual;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.script.LanguageModel;
import dev.reelbeam.clients.script.WriterSettings;
import dev.reelbeam.clients.visual.ComfyWorkflows.Order;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.Purse;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Has a language model write the workflow of a scene: from the words of the scene, the server's
 * list of nodes, and a workflow that is known to run. One call, judged against the list; one more
 * that tells what is wrong with it.
 *
 * <p>What it writes runs on somebody's machine: it may use the server's own nodes alone, none that
 * read files there, and asks for no more pixels, frames or steps than were ordered.
 */
final class ComfyWriter {
  /** Raised whenever the same scene would be asked about in other words. */
  private static final int VERSION = 1;

  private static final int MOST_NODES = 70;
  private static final int MAX_TOKENS = 4_000;

  /** The nodes of a usual server, and a workflow of theirs. */
  private static final int USUAL_PROMPT_TOKENS = 4_000;

  private static final int USUAL_TOKENS = 1_500;
  private static final int CHARS_PER_TOKEN = 2;
  private static final int ROUNDS = 2;
  private static final int MOST_DIGITS = 40;

  private static final String FIXED =
      """
      You write workflows for ComfyUI in its API format. You are given the nodes that the server \
      has, one per line as Name(input: TYPE range, optional?: TYPE) -> [outputs], a workflow that \
      works, and what should be seen. Write a workflow that shows it better: a fuller description \
      of the scene, its light, its movement and the camera, and settings that suit it.
      Use only nodes from the list and only files that the working workflow names. Every required \
      input is given, as a value in "text" or as a link: the id of a node in "node" and the number \
      of its output in "output", counted from 0. For a value "node" is empty and "output" is 0. \
      Keep width, height, number of frames, batch size and frame rate of the working workflow, and \
      do not ask for more steps. End with the same kind of saving node. No letters, no words and \
      no logos may be seen.""";

  private final LanguageModel model;
  private final ObjectStore store;

  ComfyWriter(LanguageModel model, ObjectStore store) {
    this.model = model;
    this.store = store;
  }

  /** What so many workflows are billed as where each is right at once. */
  static List<Charge> usual(WriterSettings by, int workflows) {
    return tokens(by, workflows, USUAL_PROMPT_TOKENS, USUAL_TOKENS);
  }

  /** The same where each is asked for twice and the answers are as long as they may be. */
  static List<Charge> atMost(WriterSettings by, int workflows) {
    return tokens(by, ROUNDS * workflows, 2 * USUAL_PROMPT_TOKENS, MAX_TOKENS);
  }

  private static List<Charge> tokens(WriterSettings by, long answers, int prompt, int answer) {
    return by.key().isEmpty()
        ? List.of()
        : List.of(
            new Charge(by.name(), by.model(), Charge.Unit.INPUT_TOKEN, answers * prompt),
            new Charge(by.name(), by.model(), Charge.Unit.OUTPUT_TOKEN, answers * answer));
  }

  String identity() {
    return model.identity() + "/workflow-" + VERSION;
  }

  /**
   * What is stored about a workflow.
   *
   * @param json a text, because canonical JSON has no place for its fractions; empty where nothing
   *     came of it, so that nobody pays for it again
   */
  record Written(String json, List<Charge> charges) implements Serializable {}

  /**
   * The workflow of a scene; asked for once.
   *
   * @param template a workflow that runs, filled with the same order
   * @param charges gets what was bought, whatever becomes of it
   * @throws StageException {@code WORKFLOW_INVALID} if it is wrong after two rounds, {@code
   *     PROVIDER_*}, {@code BUDGET_SPENT}
   */
  String write(
      String seen,
      Order order,
      ObjectNode template,
      ComfyNodes nodes,
      Purse purse,
      List<Charge> charges)
      throws StageException {
    List<String> described = nodes.described(template, MOST_NODES);
    StepKey key =
        StepKey.of(
            "write-workflow", VERSION, model.identity(), seen, template.toString(), described);
    Optional<MediaRef> known = store.find(key);
    if (known.isPresent()) {
      Written written = RecordJson.read(store.read(known.get()), Written.class);
      if (written.json().isEmpty()) {
        throw new StageException(
            FailureCode.WORKFLOW_INVALID,
            model.identity() + " wrote a workflow that cannot run, and is not asked again");
      }
      // Paid for when it was written.
      return written.json();
    }
    LanguageModel.Prompt prompt =
        new LanguageModel.Prompt(
            FIXED + "\n\nNodes:\n" + String.join("\n", described),
            "What should be seen: "
                + seen
                + "\nDescribed so far: "
                + order.prompt()
                + "\n\nThe workflow that works:\n"
                + nodesOf(template),
            MAX_TOKENS);
    List<String> faults = List.of();
    for (int round = 1; round <= ROUNDS; round++) {
      LanguageModel.Answer answer =
          ask(
              faults.isEmpty()
                  ? prompt
                  : prompt.with("That was wrong: " + String.join("; ", faults)),
              purse);
      charges.addAll(model.charges(answer.usage()));
      ObjectNode workflow = workflow(answer.json(), nodes);
      faults = faults(workflow, order, nodes);
      if (faults.isEmpty()) {
        keep(key, new Written(workflow.toString(), Charge.merged(charges)));
        return workflow.toString();
      }
    }
    keep(key, new Written("", Charge.merged(charges)));
    throw new StageException(
        FailureCode.WORKFLOW_INVALID,
        model.identity() + " wrote a workflow that cannot run: " + String.join("; ", faults));
  }

  private void keep(StepKey key, Written written) {
    MediaRef unused =
        store.putIfAbsent(key, store.put(RecordJson.canonicalBytes(written), "application/json"));
  }

  private LanguageModel.Answer ask(LanguageModel.Prompt prompt, Purse purse) throws StageException {
    long chars = (long) prompt.fixed().length() + prompt.variable().length();
    return purse.buy(
        model.identity(),
        model.charges(new LanguageModel.Usage(1, chars / CHARS_PER_TOKEN, 0, MAX_TOKENS)),
        () -> model.ask(prompt, "workflow", schema()),
        answer -> model.charges(answer.usage()));
  }

  private static List<String> faults(ObjectNode workflow, Order order, ComfyNodes nodes) {
    List<String> faults = new ArrayList<>(nodes.faults(workflow));
    faults.addAll(nodes.notOffered(workflow));
    int clips = 0;
    for (JsonNode node : workflow) {
      clips += node.path("class_type").asText().equals("SaveVideo") ? 1 : 0;
      JsonNode inputs = node.path("inputs");
      exceeds(inputs, "width", order.width(), faults);
      exceeds(inputs, "height", order.height(), faults);
      exceeds(inputs, "length", order.frames(), faults);
      exceeds(inputs, "steps", order.steps(), faults);
      exceeds(inputs, "batch_size", 1, faults);
    }
    if (order.frames() > 1 && clips != 1) {
      faults.add("one SaveVideo is expected, and there are " + clips);
    }
    return faults;
  }

  private static void exceeds(JsonNode inputs, String name, int most, List<String> faults) {
    JsonNode value = inputs.path(name);
    // As a decimal: a number of many digits would come out as a small long.
    if (value.isNumber() && value.decimalValue().compareTo(BigDecimal.valueOf(most)) > 0) {
      faults.add(name + " is more than the " + most + " that were ordered");
    }
  }

  /** The graph in the form of the answer, as an example of it. */
  private static ObjectNode nodesOf(ObjectNode workflow) {
    ObjectNode answer = RecordJson.newObject();
    ArrayNode list = answer.putArray("nodes");
    workflow
        .fields()
        .forEachRemaining(
            entry -> {
              ObjectNode node = list.addObject();
              node.put("id", entry.getKey());
              node.put("class_type", entry.getValue().path("class_type").asText());
              ArrayNode inputs = node.putArray("inputs");
              entry
                  .getValue()
                  .path("inputs")
                  .fields()
                  .forEachRemaining(
                      input -> {
                        boolean link = input.getValue().isArray();
                        ObjectNode one = inputs.addObject().put("name", input.getKey());
                        one.put("text", link ? "" : input.getValue().asText());
                        one.put("node", link ? input.getValue().path(0).asText() : "");
                        one.put("output", link ? input.getValue().path(1).asInt() : 0);
                      });
            });
    return answer;
  }

  /** The answer as a graph; what it cannot be is left for the judge. */
  private static ObjectNode workflow(JsonNode answer, ComfyNodes nodes) {
    ObjectNode workflow = RecordJson.newObject();
    for (JsonNode node : answer.path("nodes")) {
      String kind = node.path("class_type").asText();
      ObjectNode graph = workflow.putObject(node.path("id").asText());
      graph.put("class_type", kind);
      ObjectNode inputs = graph.putObject("inputs");
      for (JsonNode input : node.path("inputs")) {
        String name = input.path("name").asText();
        String link = input.path("node").asText("");
        if (link.isEmpty()) {
          inputs.set(name, value(input.path("text").asText(), nodes.type(kind, name)));
        } else {
          inputs.putArray(name).add(link).add(input.path("output").asInt());
        }
      }
    }
    return workflow;
  }

  private static JsonNode value(String text, String type) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    try {
      return switch (type) {
        case "INT" -> json.numberNode(number(text).toBigIntegerExact());
        case "FLOAT" -> json.numberNode(number(text));
        case "BOOLEAN" ->
            Set.of("true", "false").contains(text)
                ? json.booleanNode(text.equals("true"))
                : json.textNode(text);
        default -> json.textNode(text);
      };
    } catch (ArithmeticException e) {
      return json.textNode(text);
    } catch (NumberFormatException e) {
      return json.textNode(text);
    }
  }

  /** A number of usual size: written out, 1e999999999 would fill the memory. */
  private static BigDecimal number(String text) {
    if (text.length() > MOST_DIGITS) {
      throw new NumberFormatException("too long");
    }
    BigDecimal number = new BigDecimal(text);
    if (Math.abs((long) number.scale()) > MOST_DIGITS) {
      throw new NumberFormatException("too large, or too small");
    }
    return number;
  }

  private static JsonNode schema() {
    ObjectNode input = object("name", "text", "node");
    property(input, "output", "integer");
    ObjectNode node = object("id", "class_type");
    array(node, "inputs", input);
    ObjectNode schema = object();
    array(schema, "nodes", node);
    return schema;
  }

  private static ObjectNode object(String... texts) {
    ObjectNode object = RecordJson.newObject();
    object.put("type", "object");
    object.put("additionalProperties", false);
    object.putArray("required");
    object.putObject("properties");
    for (String text : texts) {
      property(object, text, "string");
    }
    return object;
  }

  private static void property(ObjectNode object, String name, String type) {
    object.withArray("required").add(name);
    ObjectNode properties = (ObjectNode) object.path("properties");
    properties.putObject(name).put("type", type);
  }

  private static void array(ObjectNode object, String name, ObjectNode items) {
    object.withArray("required").add(name);
    ObjectNode properties = (ObjectNode) object.path("properties");
    properties.putObject(name).put("type", "array").set("items", items);
  }
}
