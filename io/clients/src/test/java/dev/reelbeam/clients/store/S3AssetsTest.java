package dev.reelbeam.clients.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.clients.TestServers;
import dev.reelbeam.clients.config.S3Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class S3AssetsTest {
  private static final String BUCKET = "assets-bucket";

  @TempDir private Path folder;

  @Test
  void anotherPictureUnderTheSamePathIsToldFromTheSameOne() throws Exception {
    S3Settings settings = TestServers.s3(BUCKET);
    try (S3Access access = S3Access.open(settings)) {
      access.client().createBucket(request -> request.bucket(BUCKET));
    }
    Path warm = Files.writeString(folder.resolve("warm.jpg"), "warm");
    Path cold = Files.writeString(folder.resolve("cold.jpg"), "cold");
    try (S3Assets assets = S3Assets.open(settings)) {
      String base = S3Assets.base(settings) + "lamp-1/";
      assertThat(assets.holdsOther(base, "images/lamp.jpg", warm)).as("none yet").isFalse();

      assets.upload(base, "images/lamp.jpg", warm);

      assertThat(assets.holdsOther(base, "images/lamp.jpg", warm)).isFalse();
      assertThat(assets.holdsOther(base, "images/lamp.jpg", cold)).as("as long").isTrue();
      assertThat(assets.holdsOther(S3Assets.base(settings) + "lamp-2/", "images/lamp.jpg", cold))
          .as("of another revision")
          .isFalse();
      assertThat(assets.read(base, "images/lamp.jpg", 100))
          .isEqualTo("warm".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
  }
}
