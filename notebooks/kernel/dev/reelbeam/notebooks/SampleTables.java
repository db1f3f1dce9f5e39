package dev.reelbeam.notebooks;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Random;

/** A small made-up data set in the shape of the published tables; the same at every run. */
public final class SampleTables {
  private static final String[] STYLES = {"question", "number", "contrast", "story", "promise"};
  private static final double[][] EFFECTS = {
    {0.02, 0.28, 0.05, -0.20, -0.05},
    {0.10, -0.10, 0.02, 0.30, -0.20},
    {-0.05, 0.12, 0.25, 0.0, -0.25}
  };
  private static final String[] PLATFORMS = {"youtube", "instagram", "tiktok"};
  private static final double[] REACH = {1_400, 900, 2_600};
  private static final int WEEKS = 12;
  private static final int AGE_DAYS = 28;

  private SampleTables() {}

  /** The folder that the tables are written to. */
  public static void main(String[] args) throws Exception {
    Path folder = Files.createDirectories(Path.of(args[0]));
    Random random = new Random(42);
    LocalDate first = LocalDate.of(2026, 8, 3);
    try (PrintWriter videos = new PrintWriter(folder.resolve("videos.csv").toFile());
        PrintWriter days = new PrintWriter(folder.resolve("engagement_day.csv").toFile());
        PrintWriter costs = new PrintWriter(folder.resolve("cost_entry.csv").toFile())) {
      videos.println(
          "video,platform,site,hook_style,holdout,published_on,week,views,interactions,"
              + "engagement_views,watch_s,cost_micros");
      days.println("video,platform,week,age_day,views");
      costs.println("record,week,kind,state,money_micros");
      int number = 0;
      for (int week = 0; week < WEEKS; week++) {
        for (int record = 0; record < 8; record++) {
          boolean holdout = random.nextInt(10) == 0;
          // The longer it learns, the more often it takes what is good.
          double learned = holdout ? 0 : Math.min(0.8, week / 10.0);
          long cost = 0;
          for (String kind : new String[] {"script", "speech", "render", "publish"}) {
            boolean found = random.nextDouble() < (kind.equals("publish") ? 0 : 0.15 + 0.03 * week);
            long money =
                kind.equals("script")
                    ? 9_000
                    : kind.equals("speech") ? 14_000 : kind.equals("render") ? 22_000 : 1_000;
            money += random.nextInt(4_000);
            cost += found ? 0 : money;
            costs.printf(
                "r%d,%d,%s,%s,%d%n",
                week * 8 + record, week, kind, found ? "found" : "charged", money);
          }
          for (int platform = 0; platform < PLATFORMS.length; platform++) {
            int style = random.nextInt(STYLES.length);
            if (random.nextDouble() < learned) {
              for (int other = 0; other < STYLES.length; other++) {
                style = EFFECTS[platform][other] > EFFECTS[platform][style] ? other : style;
              }
            }
            double quality = 0.5 * random.nextGaussian();
            double reach =
                REACH[platform] * (1 + 0.03 * week) * Math.exp(0.9 * random.nextGaussian());
            long total = 0;
            double decay = platform == 0 ? 0.12 : 0.30;
            // Of some videos a platform tells no views, of others nothing to set against them.
            boolean telling = number % 29 != 11;
            boolean engaging = telling && number % 23 != 5;
            String id = "v" + number++;
            LocalDate published = first.plusWeeks(week).plusDays(record % 5);
            for (int age = 0; age < AGE_DAYS && week * 7 + age < WEEKS * 7 + 7; age++) {
              long views =
                  Math.round(
                      reach * decay * Math.exp(-decay * age) * (0.8 + 0.4 * random.nextDouble()));
              total += views;
              if (telling) {
                days.printf("%s,%s,%d,%d,%d%n", id, PLATFORMS[platform], week, age, views);
              }
            }
            double rate = Math.exp(Math.log(0.035) + EFFECTS[platform][style] + quality);
            long interactions = Math.round(total * Math.min(0.5, rate));
            videos.printf(
                Locale.ROOT,
                "%s,%s,site-%d,%s,%s,%s,%d,%s,%s,%s,%s,%d%n",
                id,
                PLATFORMS[platform],
                record % 3,
                STYLES[style],
                holdout,
                published,
                week,
                telling ? total : "",
                engaging ? interactions : "",
                engaging ? total : "",
                platform == 0 && telling ? total * (10 + random.nextInt(14)) : "",
                cost / PLATFORMS.length);
          }
        }
      }
    }
  }
}
