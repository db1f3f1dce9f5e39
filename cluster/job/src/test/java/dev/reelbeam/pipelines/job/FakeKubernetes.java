package dev.reelbeam.pipelines.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.reelbeam.model.json.RecordJson;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of a Kubernetes API server that keeps ConfigMaps: versions, conflicts and watches, over
 * plain HTTP. Each client has a door of its own, which can be shut behind it as if it had been
 * killed.
 */
final class FakeKubernetes implements AutoCloseable {
  private static final String PATH = "/api/v1/namespaces/";
  private static final Pattern VERSION = Pattern.compile("resourceVersion=(\\d+)");

  private final Map<String, ObjectNode> configMaps = new TreeMap<>();
  private final List<ObjectNode> events = new ArrayList<>();
  private final Set<String> asked = new TreeSet<>();
  private final List<HttpServer> doors = new ArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private long version = 100;
  private boolean closed;

  /** A new way in, for one client: its address. */
  HttpServer door() throws IOException {
    HttpServer door =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    door.setExecutor(threads);
    door.createContext("/", this::answer);
    door.start();
    doors.add(door);
    return door;
  }

  static String address(HttpServer door) {
    return "http://127.0.0.1:" + door.getAddress().getPort();
  }

  /** What was asked for so far: verb and resource, as roles name them. */
  synchronized Set<String> asked() {
    return new TreeSet<>(asked);
  }

  /** A value of a ConfigMap; null while there is none. */
  synchronized @Nullable String data(String namespace, String name, String key) {
    ObjectNode found = configMaps.get(namespace + "/" + name);
    return found == null ? null : found.path("data").path(key).asText(null);
  }

  synchronized Set<String> names() {
    return new TreeSet<>(configMaps.keySet());
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    doors.forEach(door -> door.stop(0));
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String[] parts =
          path.startsWith(PATH) ? path.substring(PATH.length()).split("/", -1) : new String[0];
      if (parts.length < 2) {
        send(exchange, 404, status(404, "NotFound"));
        return;
      }
      String query = String.valueOf(exchange.getRequestURI().getQuery());
      String name = parts.length > 2 ? parts[2] : "";
      boolean watch = query.contains("watch=true");
      note(exchange.getRequestMethod(), parts[1], name, watch);
      if (!parts[1].equals("configmaps")) {
        send(exchange, 403, status(403, "Forbidden"));
      } else if (!watch) {
        byte[] body = exchange.getRequestBody().readAllBytes();
        keep(exchange, parts[0], name, query, body.length == 0 ? null : tree(body));
      } else if (exchange.getRequestHeaders().containsKey("Upgrade")) {
        // No web sockets here; the client asks again for lines.
        exchange.sendResponseHeaders(200, -1);
      } else {
        watch(exchange, parts[0], query);
      }
    }
  }

  private synchronized void note(String method, String resource, String name, boolean watch) {
    String verb =
        switch (method) {
          case "GET" -> watch ? "watch" : name.isEmpty() ? "list" : "get";
          case "POST" -> "create";
          case "PUT" -> "update";
          case "PATCH" -> "patch";
          default -> name.isEmpty() ? "deletecollection" : "delete";
        };
    asked.add(verb + " " + resource);
  }

  private synchronized void keep(
      HttpExchange exchange, String namespace, String name, String query, @Nullable ObjectNode body)
      throws IOException {
    ObjectNode known = configMaps.get(namespace + "/" + name);
    switch (exchange.getRequestMethod()) {
      case "GET" -> {
        if (name.isEmpty()) {
          ObjectNode list = object("kind", "ConfigMapList");
          list.putObject("metadata").put("resourceVersion", String.valueOf(version));
          var items = list.putArray("items");
          configMaps.forEach(
              (key, one) -> {
                if (key.startsWith(namespace + "/") && selected(one, query)) {
                  items.add(one);
                }
              });
          send(exchange, 200, list);
        } else if (known == null) {
          send(exchange, 404, status(404, "NotFound"));
        } else {
          send(exchange, 200, known);
        }
      }
      case "POST" -> {
        String given = body.path("metadata").path("name").asText();
        if (configMaps.containsKey(namespace + "/" + given)) {
          send(exchange, 409, status(409, "AlreadyExists"));
        } else {
          send(exchange, 201, put(namespace, given, body, "ADDED"));
        }
      }
      case "PUT", "PATCH" -> {
        String expected = body.path("metadata").path("resourceVersion").asText("");
        if (known == null) {
          send(exchange, 404, status(404, "NotFound"));
        } else if (!expected.isEmpty()
            && !expected.equals(known.path("metadata").path("resourceVersion").asText())) {
          send(exchange, 409, status(409, "Conflict"));
        } else {
          boolean whole = exchange.getRequestMethod().equals("PUT");
          ObjectNode next = whole ? body : merged(known.deepCopy(), body);
          send(exchange, 200, put(namespace, name, next, "MODIFIED"));
        }
      }
      default -> {
        if (known == null) {
          send(exchange, 404, status(404, "NotFound"));
        } else {
          configMaps.remove(namespace + "/" + name);
          tell(known, "DELETED");
          send(exchange, 200, known);
        }
      }
    }
  }

  private ObjectNode put(String namespace, String name, ObjectNode given, String event) {
    version++;
    ObjectNode metadata =
        given.path("metadata") instanceof ObjectNode there ? there : given.putObject("metadata");
    metadata.put("name", name).put("namespace", namespace).put("uid", name);
    metadata.put("resourceVersion", String.valueOf(version));
    given.put("kind", "ConfigMap").put("apiVersion", "v1");
    configMaps.put(namespace + "/" + name, given);
    tell(given, event);
    return given;
  }

  private void tell(ObjectNode object, String type) {
    ObjectNode event = object("type", type);
    event.set("object", object.deepCopy());
    events.add(event);
    notifyAll();
  }

  /** JSON merge patch, RFC 7396. */
  private static ObjectNode merged(ObjectNode target, JsonNode patch) {
    patch
        .fields()
        .forEachRemaining(
            field -> {
              JsonNode value = field.getValue();
              if (value.isNull()) {
                target.remove(field.getKey());
              } else if (value.isObject()) {
                ObjectNode inner =
                    target.path(field.getKey()) instanceof ObjectNode there
                        ? there
                        : target.putObject(field.getKey());
                merged(inner, value);
              } else {
                target.set(field.getKey(), value);
              }
            });
    return target;
  }

  private void watch(HttpExchange exchange, String namespace, String query) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    Matcher from = VERSION.matcher(query);
    long since = from.find() ? Long.parseLong(from.group(1)) : 0;
    OutputStream out = exchange.getResponseBody();
    int told = 0;
    while (true) {
      List<ObjectNode> next;
      synchronized (this) {
        while (told == events.size() && !closed) {
          try {
            wait();
          } catch (InterruptedException e) {
            return;
          }
        }
        if (closed) {
          return;
        }
        next = List.copyOf(events.subList(told, events.size()));
        told = events.size();
      }
      for (ObjectNode event : next) {
        JsonNode object = event.path("object");
        JsonNode metadata = object.path("metadata");
        if (metadata.path("namespace").asText().equals(namespace)
            && metadata.path("resourceVersion").asLong() > since
            && selected(object, query)) {
          out.write((event + "\n").getBytes(StandardCharsets.UTF_8));
          out.flush();
        }
      }
    }
  }

  /** By name, or by labels that are all equal. */
  private static boolean selected(JsonNode object, String query) {
    for (String part : query.split("&", -1)) {
      if (part.startsWith("fieldSelector=metadata.name=")) {
        return object
            .path("metadata")
            .path("name")
            .asText()
            .equals(part.substring("fieldSelector=metadata.name=".length()));
      }
      if (part.startsWith("labelSelector=")) {
        for (String label : part.substring("labelSelector=".length()).split(",", -1)) {
          String[] sides = label.split("=", 2);
          if (!object.path("metadata").path("labels").path(sides[0]).asText().equals(sides[1])) {
            return false;
          }
        }
      }
    }
    return true;
  }

  private static ObjectNode status(int code, String reason) {
    return object("kind", "Status")
        .put("apiVersion", "v1")
        .put("status", "Failure")
        .put("reason", reason)
        .put("code", code);
  }

  private static ObjectNode object(String field, String value) {
    return JsonNodeFactory.instance.objectNode().put(field, value);
  }

  private static ObjectNode tree(byte[] body) throws IOException {
    return (ObjectNode) RecordJson.readTree(new String(body, StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int code, JsonNode body) throws IOException {
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
