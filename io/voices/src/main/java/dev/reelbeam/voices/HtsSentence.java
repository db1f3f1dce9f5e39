package dev.reelbeam.voices;

import java.util.List;
import marytts.features.FeatureRegistry;
import marytts.features.TargetFeatureComputer;
import marytts.htsengine.HMMData;
import marytts.htsengine.HMMVoice;
import marytts.htsengine.HTSModel;
import marytts.htsengine.HTSParameterGeneration;
import marytts.htsengine.HTSUttModel;
import marytts.htsengine.HTSVocoder;
import marytts.modules.HTSEngine;
import marytts.modules.TargetFeatureLister;
import marytts.unitselection.select.Target;
import org.w3c.dom.Element;

/**
 * The last step of MaryTTS, from acoustic parameters to samples, for one sentence.
 *
 * <p>MaryTTS's own step hands every sample through a queue as an object, and normalises the level
 * anew inside each sentence. Calling its parts directly costs a fraction of the time, keeps one
 * level for all sentences, and tells the realised length of each phone in whole frames.
 */
final class HtsSentence extends HTSEngine {
  /** Raw samples in about the 16-bit range, not limited. */
  private double[] samples = {};

  /** Realised length of each phone and boundary, in frames. */
  private int[] frames = {};

  /**
   * Makes the audio of one sentence.
   *
   * @param segments its {@code ph} and {@code boundary} elements in order; a closing boundary is
   *     added if there is none
   */
  static HtsSentence of(HMMVoice voice, List<Element> segments) throws Exception {
    HMMData data = voice.getHMMData();
    TargetFeatureComputer features =
        FeatureRegistry.getTargetFeatureComputer(
            voice, data.getFeatureDefinition().getFeatureNames());
    List<Target> targets = new TargetFeatureLister().getListTargetFeatures(features, segments);
    HtsSentence sentence = new HtsSentence();
    HTSUttModel model = sentence.processTargetList(targets, segments, data);
    double frameMs = 1000.0 * data.getFperiod() / data.getRate();
    pace(model, segments, data.getCartTreeSet().getNumStates(), frameMs);
    HTSParameterGeneration parameters = new HTSParameterGeneration();
    parameters.htsMaximumLikelihoodParameterGeneration(model, data);
    sentence.frames = new int[model.getNumUttModel()];
    for (int i = 0; i < sentence.frames.length; i++) {
      sentence.frames[i] = model.getUttModel(i).getTotalDur();
    }
    sentence.samples =
        new HTSVocoder()
            .htsMLSAVocoder(
                parameters.getlf0Pst(),
                parameters.getMcepPst(),
                parameters.getStrPst(),
                parameters.getMagPst(),
                parameters.getVoicedArray(),
                data,
                null);
    return sentence;
  }

  /**
   * Gives each phone the frames that its wanted duration asks for.
   *
   * <p>MaryTTS rounds each of a phone's five states for itself, which makes speech up to 4 % longer
   * than asked. Here the rounding error is carried from phone to phone instead.
   */
  private static void pace(HTSUttModel model, List<Element> segments, int states, double frameMs) {
    double wantedMs = 0;
    int used = 0;
    int voicedFrames = 0;
    for (int i = 0; i < model.getNumUttModel(); i++) {
      HTSModel phone = model.getUttModel(i);
      Element segment = segments.get(i);
      String duration = segment.getAttribute(segment.getTagName().equals("ph") ? "d" : "duration");
      wantedMs += duration.isEmpty() ? phone.getTotalDur() * frameMs : Double.parseDouble(duration);
      int frames = Math.max(states, (int) Math.round(wantedMs / frameMs) - used);
      used += frames;
      stretch(phone, states, frames);
      for (int state = 0; state < states; state++) {
        voicedFrames += phone.getVoiced(state) ? phone.getDur(state) : 0;
      }
    }
    model.setTotalFrame(used);
    model.setLf0Frame(voicedFrames);
  }

  /** Adds or takes the difference where it is heard least, in the longest state. */
  private static void stretch(HTSModel phone, int states, int frames) {
    int total = 0;
    for (int state = 0; state < states; state++) {
      total += phone.getDur(state);
    }
    while (total != frames) {
      int longest = 0;
      for (int state = 1; state < states; state++) {
        longest = phone.getDur(state) > phone.getDur(longest) ? state : longest;
      }
      int step = total < frames ? 1 : -1;
      phone.setDur(longest, phone.getDur(longest) + step);
      total += step;
    }
    phone.setTotalDur(frames);
  }

  double[] samples() {
    return samples;
  }

  int[] frames() {
    return frames;
  }
}
