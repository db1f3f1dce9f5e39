package dev.reelbeam.stages.narration;

import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.speech.SpeechRequest;
import dev.reelbeam.stages.flow.PlannedVideo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What a narration was billed as: every draft, and every sentence of every draft once, whoever
 * found it. So it does not depend on what another variant had spoken before.
 */
final class Bill {
  final PlannedVideo planned;

  /** Whose site pays; null for none. */
  volatile @Nullable String site;

  /** Who could not write, and why. */
  final List<String> failures = new ArrayList<>();

  final List<Charge> written = new ArrayList<>();
  final Map<SpeechRequest, List<Charge>> spoken = new LinkedHashMap<>();

  /** Of every sentence that is there, in no order. */
  final Map<SpeechRequest, List<Charge>> heard = new ConcurrentHashMap<>();

  final AtomicInteger spokenCharacters = new AtomicInteger();

  /**
   * The bill of a video.
   *
   * @param owed what was spoken by somebody who then could not go on
   */
  Bill(PlannedVideo planned, List<Charge> owed) {
    this.planned = planned;
    this.written.addAll(owed);
  }

  /** Of all sentences that are there, though others of the narration are not. */
  List<Charge> heard() {
    List<Charge> all = new ArrayList<>();
    heard.values().forEach(all::addAll);
    // Whoever came first: the narration of a stand-in is stored by its content.
    return Charge.merged(all).stream().sorted(Comparator.comparing(Charge::toString)).toList();
  }

  List<Charge> total() {
    List<Charge> all = new ArrayList<>(written);
    spoken.values().forEach(all::addAll);
    return Charge.merged(all);
  }
}
