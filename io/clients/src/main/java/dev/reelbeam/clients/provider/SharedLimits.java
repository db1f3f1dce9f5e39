package dev.reelbeam.clients.provider;

import dev.reelbeam.clients.http.Doors;
import dev.reelbeam.clients.http.Secret;
import dev.reelbeam.clients.moderation.ModerationSettings;
import dev.reelbeam.clients.script.WriterSettings;
import dev.reelbeam.clients.speech.SpeechSettings;
import dev.reelbeam.clients.visual.VisualSettings;
import dev.reelbeam.model.failure.StageException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Entries of the settings that ask one provider for the same kind of thing with one key have its
 * limits together, whatever they are called: of what they state, the smaller holds for all.
 */
final class SharedLimits {
  private final Map<String, String> environment;
  private final Map<Object, Limits> smallest = new HashMap<>();
  private final List<Stated> all = new ArrayList<>();

  private record Limits(int perMinute, int parallel) {
    Limits smaller(Limits other) {
      return new Limits(Math.min(perMinute, other.perMinute), Math.min(parallel, other.parallel));
    }
  }

  /** What an entry says of limits. */
  private record Stated(String place, Object door, Limits limits) {}

  /** An entry for which less holds than it says. */
  record Less(String place, String with, int perMinute, int parallel) {}

  private SharedLimits(ProviderSettings settings, Map<String, String> environment) {
    this.environment = environment;
    for (int i = 0; i < settings.script().size(); i++) {
      see("script[" + i + "]", settings.script().get(i));
    }
    for (int i = 0; i < settings.speech().size(); i++) {
      SpeechSettings voice = settings.speech().get(i);
      see(
          "speech[" + i + "]",
          door(voice),
          new Limits(voice.requestsPerMinute(), voice.parallel()));
    }
    for (int i = 0; i < settings.visuals().size(); i++) {
      VisualSettings visual = settings.visuals().get(i);
      String place = "visuals[" + i + "]";
      see(place, door(visual), new Limits(visual.requestsPerMinute(), visual.parallel()));
      visual.workflowWriter().ifPresent(writer -> see(place + ".workflow.writer", writer));
    }
    List<ModerationSettings.Provider> looks = settings.moderation().providers();
    for (int i = 0; i < looks.size(); i++) {
      ModerationSettings.Provider look = looks.get(i);
      see(
          "moderation.providers[" + i + "]",
          door(look),
          new Limits(look.requestsPerMinute(), look.parallel()));
    }
  }

  /** The settings with the limits that hold. */
  static ProviderSettings in(ProviderSettings settings, Map<String, String> environment) {
    SharedLimits shared = new SharedLimits(settings, environment);
    return settings.withPorts(
        settings.script().stream().map(shared::limited).toList(),
        settings.speech().stream()
            .map(
                voice -> {
                  Limits limits = shared.of(shared.door(voice));
                  return voice.withRates(limits.perMinute(), limits.parallel());
                })
            .toList(),
        settings.visuals().stream()
            .map(
                visual -> {
                  Limits limits = shared.of(shared.door(visual));
                  VisualSettings limited = visual.withRates(limits.perMinute(), limits.parallel());
                  return visual
                      .workflowWriter()
                      .map(writer -> limited.withWorkflowWriter(shared.limited(writer)))
                      .orElse(limited);
                })
            .toList(),
        settings
            .moderation()
            .withProviders(
                settings.moderation().providers().stream()
                    .map(
                        look -> {
                          Limits limits = shared.of(shared.door(look));
                          return look.withRates(limits.perMinute(), limits.parallel());
                        })
                    .toList()));
  }

  /** The entries for which less holds than they say. */
  static List<Less> less(ProviderSettings settings, Map<String, String> environment) {
    SharedLimits shared = new SharedLimits(settings, environment);
    List<Less> less = new ArrayList<>();
    for (Stated stated : shared.all) {
      Limits limits = shared.of(stated.door());
      if (!limits.equals(stated.limits())) {
        String with =
            shared.all.stream()
                .filter(each -> each.door().equals(stated.door()) && !each.equals(stated))
                .map(Stated::place)
                .findFirst()
                .orElse("");
        less.add(new Less(stated.place(), with, limits.perMinute(), limits.parallel()));
      }
    }
    return less;
  }

  private WriterSettings limited(WriterSettings writer) {
    Limits limits = of(door(writer));
    return writer.withRates(limits.perMinute(), limits.parallel());
  }

  private void see(String place, WriterSettings writer) {
    see(place, door(writer), new Limits(writer.requestsPerMinute(), writer.parallel()));
  }

  private void see(String place, Object door, Limits limits) {
    all.add(new Stated(place, door, limits));
    smallest.merge(door, limits, Limits::smaller);
  }

  private Limits of(Object door) {
    return Objects.requireNonNull(smallest.get(door), "seen before");
  }

  private Object door(WriterSettings writer) {
    return door(writer.baseUrl(), WriterSettings.KIND, writer.key());
  }

  private Object door(SpeechSettings voice) {
    // A voice of a file asks nobody: what it states is its own.
    return voice.baseUrl().isEmpty()
        ? "file " + voice.name()
        : door(voice.baseUrl(), SpeechSettings.KIND, voice.key());
  }

  private Object door(VisualSettings visual) {
    return door(visual.baseUrl(), VisualSettings.KIND, visual.key());
  }

  private Object door(ModerationSettings.Provider look) {
    return door(look.baseUrl(), ModerationSettings.KIND, look.key());
  }

  private Object door(String baseUrl, String kind, String key) {
    try {
      return Doors.whose(baseUrl, kind, Secret.resolve(key, environment));
    } catch (StageException e) {
      // Nobody asks with it; those who name it alike mean the same.
      return baseUrl + " " + kind + " " + key;
    }
  }
}
