package dev.reelbeam.clients.visual;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.clients.config.SettingsEntry;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import java.io.Serializable;
import java.util.Set;
import okhttp3.HttpUrl;

/**
 * Who presents, and how: the {@code avatar} of an entry of {@code visuals}.
 *
 * @param id of the avatar; of D-ID the address of a portrait
 * @param voice who speaks where the provider takes no audio of ours; nobody hears it
 * @param template of Synthesia, with a variable {@code script}; empty for none
 * @param background a colour, {@code #rrggbb}, where the provider takes one; empty for its own
 * @param audio whether the lips follow the narration, where the provider takes it
 * @param test a marked clip that costs nothing, of Synthesia
 * @param deadlineSeconds how long a clip may take
 */
record AvatarSettings(
    String id,
    String voice,
    String template,
    String background,
    boolean audio,
    boolean test,
    int deadlineSeconds)
    implements Serializable {
  static final Set<String> KINDS = Set.of("d-id", "heygen", "synthesia");
  static final Set<String> KEYS =
      Set.of("id", "voice", "template", "background", "audio", "test", "deadline_seconds");

  private static final Set<String> SWITCH = Set.of("true", "false");

  static AvatarSettings of(JsonNode node, String where, String kind) throws StageException {
    SettingsEntry entry =
        SettingsEntry.of(node.isMissingNode() ? RecordJson.newObject() : node, where, KEYS);
    String template = entry.text("template", "");
    // What a template shows, it says itself.
    String id = template.isEmpty() ? entry.text("id") : entry.text("id", "");
    if (kind.equals("d-id") && HttpUrl.parse(id) == null) {
      throw invalid(where + ".id: the address of a portrait is expected");
    }
    if (!template.isEmpty() && !kind.equals("synthesia")) {
      throw invalid(where + ".template: only synthesia has templates here");
    }
    boolean test = entry.oneOf("test", "false", SWITCH).equals("true");
    if (test && !kind.equals("synthesia")) {
      // It would be billed, and no book would have it.
      throw invalid(where + ".test: only synthesia makes clips that cost nothing");
    }
    String background = entry.text("background", "");
    if (!background.isEmpty() && !background.matches("#[0-9A-Fa-f]{6}")) {
      throw invalid(where + ".background: a colour as #20304a");
    }
    boolean audio =
        !kind.equals("synthesia") && entry.oneOf("audio", "true", SWITCH).equals("true");
    String voice = entry.text("voice", "");
    if (!audio && voice.isEmpty() && !kind.equals("synthesia")) {
      throw invalid(where + ".voice is missing: without our audio it has to speak itself");
    }
    return new AvatarSettings(
        id,
        voice,
        template,
        background,
        audio,
        test,
        entry.number("deadline_seconds", 900, 60, 1_500));
  }

  private static StageException invalid(String message) {
    return new StageException(FailureCode.CONFIG_INVALID, message);
  }
}
