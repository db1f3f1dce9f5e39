package dev.reelbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BackfillCommandTest {
  @Test
  void whatIsNotedOfASourceHoldsNoSecret() {
    assertThat(
            BackfillCommand.withoutSecrets(
                "jdbc:postgresql://db:5432/cms?user=ann&password=s3cret&ssl=true"))
        .isEqualTo("jdbc:postgresql://db:5432/cms?user=ann&password=***&ssl=true");
    assertThat(BackfillCommand.withoutSecrets("jdbc:mysql://ann:s3cret@db/cms"))
        .isEqualTo("jdbc:mysql://ann:***@db/cms");
    assertThat(BackfillCommand.withoutSecrets("s3://archive/2024/"))
        .isEqualTo("s3://archive/2024/");
  }
}
