package dev.reelbeam.embedded.speech;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VoiceConfigTest {
  @TempDir Path folder;

  @Test
  void personsWhoseNamesAreNumbersAreAllThere() throws Exception {
    assertThat(speakers(2, "{\"1\": 0, \"0\": 1}")).isEqualTo(Map.of("1", 0, "0", 1));
    assertThat(speakers(3, "{\"318\": 2}")).isEqualTo(Map.of("318", 2, "0", 0, "1", 1));
    assertThat(speakers(2, "{\"anna\": 0, \"nobody\": 7}")).isEqualTo(Map.of("anna", 0, "1", 1));
  }

  private Map<String, Integer> speakers(int count, String names) throws Exception {
    Path file = folder.resolve("voice.json");
    Files.writeString(
        file,
        """
        {"audio": {"sample_rate": 22050}, "phoneme_id_map": {"_": [0], "^": [1]},
         "num_speakers": %d, "speaker_id_map": %s}
        """
            .formatted(count, names));
    return VoiceConfig.read(file).facts().speakers();
  }
}
