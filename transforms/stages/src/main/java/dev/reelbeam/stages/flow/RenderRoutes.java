package dev.reelbeam.stages.flow;

import dev.reelbeam.media.codec.Encoders;
import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.video.Presets;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which variants are rendered on another pool than the usual one.
 *
 * <p>Pool and encoder of a variant are chosen once, when it is planned: the encoder is part of what
 * a segment is, the pool is not, so a change of routes between pools of one encoder finds what was
 * rendered.
 *
 * @param routes a priority's before a preset's; of several presets in one variant all must agree,
 *     else it is rendered on the usual pool
 */
public record RenderRoutes(List<Route> routes) implements Serializable {
  /** Everything is rendered on the usual pool. */
  public static final RenderRoutes NONE = new RenderRoutes(List.of());

  private static final String POOL = "[a-z][a-z0-9-]{0,30}";

  /**
   * One of them.
   *
   * @param what a priority of {@link ProjectRequest#PRIORITIES} or a preset
   * @param pool whose workers render it
   * @param encoder what they encode by; empty for the usual one
   */
  public record Route(String what, String pool, String encoder) implements Serializable {}

  public RenderRoutes {
    routes = List.copyOf(routes);
  }

  /**
   * Routes as a setting tells them: {@code preview=cpu-render, low=cpu-render:libx264}.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  public static RenderRoutes parse(String text) {
    List<Route> routes = new ArrayList<>();
    for (String part : text.isBlank() ? new String[0] : text.split(",", -1)) {
      String[] sides = part.strip().split("=", -1);
      String[] to = sides.length == 2 ? sides[1].strip().split(":", -1) : new String[0];
      if (to.length < 1 || to.length > 2 || !to[0].strip().matches(POOL)) {
        throw new IllegalArgumentException(
            "'" + part.strip() + "' is not preset=pool or priority=pool, nor that with :encoder");
      }
      Route route = new Route(sides[0].strip(), to[0].strip(), to.length == 2 ? to[1].strip() : "");
      check(route, routes);
      routes.add(route);
    }
    return new RenderRoutes(routes);
  }

  private static void check(Route route, List<Route> before) {
    if (!ProjectRequest.PRIORITIES.contains(route.what()) && Presets.find(route.what()).isEmpty()) {
      throw new IllegalArgumentException(
          "'" + route.what() + "' is neither a preset nor one of " + ProjectRequest.PRIORITIES);
    }
    if (route.pool().equals("null") || Encoders.isKnown(route.pool())) {
      // The usual pool's line is named by its encoder.
      throw new IllegalArgumentException("'" + route.pool() + "' is no name of a pool");
    }
    if (!route.encoder().isEmpty() && !Encoders.KNOWN.contains(route.encoder())) {
      throw new IllegalArgumentException(
          "'" + route.encoder() + "' is not one of " + Encoders.KNOWN);
    }
    for (Route other : before) {
      if (other.what().equals(route.what())) {
        throw new IllegalArgumentException("'" + route.what() + "' has two pools");
      }
      if (other.pool().equals(route.pool()) && !other.encoder().equals(route.encoder())) {
        throw new IllegalArgumentException("the pool '" + route.pool() + "' has two encoders");
      }
    }
  }

  /** The route of a variant, if it has one. */
  public Optional<Route> of(List<String> presets, String priority) {
    Optional<Route> urgent = to(priority);
    if (urgent.isPresent() || presets.isEmpty()) {
      return urgent;
    }
    Optional<Route> first = to(presets.get(0));
    return first.filter(
        route ->
            presets.stream()
                .allMatch(
                    preset ->
                        to(preset).filter(other -> other.pool().equals(route.pool())).isPresent()));
  }

  private Optional<Route> to(String what) {
    return routes.stream().filter(route -> route.what().equals(what)).findFirst();
  }

  /** Encoders by pool, in the order of the routes; empty for the usual one. */
  public Map<String, String> pools() {
    Map<String, String> pools = new LinkedHashMap<>();
    routes.forEach(route -> pools.put(route.pool(), route.encoder()));
    return pools;
  }
}
