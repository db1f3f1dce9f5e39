package dev.reelbeam.clients.visual;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.clients.config.SettingsEntry;
import dev.reelbeam.clients.script.WriterSettings;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How clips and pictures are made by ComfyUI: the {@code workflow} of an entry of {@code visuals}.
 *
 * @param template a bundled one, or the path of a file of one's own
 * @param own the graph of that file, in API format with slots; empty for a bundled one. It travels
 *     to workers, which do not have the file
 * @param frameRate of clips
 * @param seconds longest clip
 * @param gpuMs time on the graphics card for a frame of a megapixel, in milliseconds
 * @param deadlineSeconds longest run of one job; 0 for five times what it should take
 * @param writer the language model that writes workflows; null where templates are filled
 */
record WorkflowSettings(
    String template,
    String own,
    String textEncoder,
    String vae,
    int frameRate,
    int seconds,
    int gpuMs,
    int deadlineSeconds,
    @Nullable WriterSettings writer)
    implements Serializable {
  static final String LTX = "ltx-video";
  static final String WAN = "wan-video";
  static final String PICTURE = "picture";

  private static final Set<String> BUNDLED = Set.of(LTX, WAN, PICTURE);
  private static final long MAX_BYTES = 200_000;

  static final Set<String> KEYS =
      Set.of(
          "template",
          "text_encoder",
          "vae",
          "frame_rate",
          "seconds",
          "gpu_ms",
          "deadline_seconds",
          "writer");

  WorkflowSettings withWriter(WriterSettings newWriter) {
    return new WorkflowSettings(
        template, own, textEncoder, vae, frameRate, seconds, gpuMs, deadlineSeconds, newWriter);
  }

  /**
   * Reads the mapping.
   *
   * @param pictures whether pictures are made, not clips
   * @param folder of the settings file, for a template of one's own
   */
  static WorkflowSettings of(
      JsonNode node, String where, boolean pictures, Map<String, String> environment, Path folder)
      throws StageException {
    SettingsEntry entry =
        SettingsEntry.of(node.isMissingNode() ? RecordJson.newObject() : node, where, KEYS);
    String template = entry.text("template", pictures ? PICTURE : LTX);
    boolean wan = template.equals(WAN);
    WriterSettings writer =
        entry.node().has("writer")
            ? WriterSettings.of(entry.node().path("writer"), where + ".writer", environment)
            : null;
    return new WorkflowSettings(
        template,
        BUNDLED.contains(template) ? "" : own(entry, folder.resolve(template)),
        entry.text(
            "text_encoder",
            wan ? "umt5_xxl_fp8_e4m3fn_scaled.safetensors" : "t5xxl_fp16.safetensors"),
        entry.text("vae", wan ? "wan2.2_vae.safetensors" : ""),
        entry.number("frame_rate", 24, 8, 60),
        entry.number("seconds", 5, 1, 20),
        entry.number("gpu_ms", 500, 1, 600_000),
        entry.number("deadline_seconds", 0, 0, 1_500),
        writer);
  }

  private static String own(SettingsEntry entry, Path file) throws StageException {
    try {
      String text = Files.size(file) > MAX_BYTES ? "" : Files.readString(file);
      if (RecordJson.readTree(text).isObject()) {
        return text;
      }
    } catch (IOException e) {
      // Told below; what is no JSON as well.
    }
    throw new StageException(
        FailureCode.CONFIG_INVALID,
        entry.where()
            + ".template: ltx-video, wan-video, picture, or a workflow file in API format");
  }

  boolean bundled() {
    return own.isEmpty();
  }
}
