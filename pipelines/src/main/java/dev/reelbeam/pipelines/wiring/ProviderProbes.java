package dev.reelbeam.pipelines.wiring;

import dev.reelbeam.clients.http.Probed;
import dev.reelbeam.clients.moderation.ModerationSettings;
import dev.reelbeam.clients.provider.ProviderSettings;
import dev.reelbeam.clients.script.WriterSettings;
import dev.reelbeam.clients.speech.SpeechSettings;
import dev.reelbeam.clients.visual.VisualSettings;
import dev.reelbeam.model.failure.StageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the providers of a settings file can be asked without paying: one question for each. */
public final class ProviderProbes {
  private ProviderProbes() {}

  /**
   * A question.
   *
   * @param port what the provider is for
   * @param name in the settings
   * @param key where its key is; empty if it asks for none
   * @param forbidsWrongKeys whether it answers a wrong key by 403; from others that means a right
   *     one that may not ask this
   */
  public record Probe(
      String port, String name, String key, boolean forbidsWrongKeys, Question question) {
    Probe(String port, String name, String key, Question question) {
      this(port, name, key, /* forbidsWrongKeys= */ false, question);
    }
  }

  /** A call that costs nothing. */
  @FunctionalInterface
  public interface Question {
    /** What is known after it. */
    Probed ask() throws StageException;
  }

  /** The questions in the order of the file. */
  public static List<Probe> of(ProviderSettings settings, Map<String, String> environment) {
    List<Probe> probes = new ArrayList<>();
    for (WriterSettings writer : settings.script()) {
      probes.add(new Probe("script", writer.name(), writer.key(), () -> writer.probe(environment)));
    }
    for (SpeechSettings voice : settings.speech()) {
      probes.add(
          new Probe(
              "speech",
              voice.name(),
              voice.key(),
              () -> voice.probe(environment, LocalProviders.models())));
      voice
          .wordsElsewhere()
          .ifPresent(
              words ->
                  probes.add(
                      new Probe(
                          "speech",
                          voice.name() + " words",
                          words.key(),
                          () -> voice.probeWords(environment))));
    }
    for (VisualSettings visuals : settings.visuals()) {
      probes.add(
          new Probe(
              "visuals",
              visuals.name(),
              visuals.key(),
              visuals.kind().equals("synthesia"),
              () -> visuals.probe(environment)));
      visuals
          .workflowWriter()
          .ifPresent(
              writer ->
                  probes.add(
                      new Probe(
                          "visuals",
                          visuals.name() + " by " + writer.name(),
                          writer.key(),
                          () -> writer.probe(environment))));
      visuals
          .editor()
          .ifPresent(
              editor ->
                  probes.add(
                      new Probe(
                          "visuals",
                          visuals.name() + " by " + editor.getKey(),
                          editor.getValue(),
                          () -> Probed.of(visuals.probeEditor(environment)))));
    }
    for (ModerationSettings.Provider moderator : settings.moderation().providers()) {
      probes.add(
          new Probe(
              "moderation", moderator.name(), moderator.key(), () -> moderator.probe(environment)));
    }
    return List.copyOf(probes);
  }
}
