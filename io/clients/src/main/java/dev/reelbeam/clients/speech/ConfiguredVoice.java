package dev.reelbeam.clients.speech;

import dev.reelbeam.model.port.SpeechSynthesizer.Speeds;

/** What voices have of their settings, whoever speaks. */
abstract class ConfiguredVoice implements VoiceEngine {
  /** What the settings say of it. */
  final SpeechSettings settings;

  private final int maxChars;
  private final Speeds speeds;

  /**
   * A voice of the settings.
   *
   * @param maxChars longest text of one call, unless the settings say
   */
  ConfiguredVoice(SpeechSettings settings, int maxChars, Speeds speeds) {
    this.settings = settings;
    this.maxChars = maxChars;
    this.speeds = speeds;
  }

  @Override
  public final String name() {
    return settings.name();
  }

  @Override
  public String defaultVoice() {
    return settings.voice();
  }

  @Override
  public final int maxChars() {
    return settings.maxChars(maxChars);
  }

  @Override
  public final Speeds speeds() {
    return speeds;
  }
}
