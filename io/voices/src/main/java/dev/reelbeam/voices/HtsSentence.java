package dev.reelbeam.voices;

import java.util.List;
import marytts.features.FeatureRegistry;
import marytts.features.TargetFeatureComputer;
import marytts.htsengine.HMMData;
import marytts.htsengine.HMMVoice;
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
 * anew inside each sentence. Calling its parts directly costs a fraction of the time, keeps one level
 * for all sentences, and tells the realised length of each phone in whole frames.
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

  double[] samples() {
    return samples;
  }

  int[] frames() {
    return frames;
  }
}
