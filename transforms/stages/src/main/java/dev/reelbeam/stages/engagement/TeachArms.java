package dev.reelbeam.stages.engagement;

import dev.reelbeam.model.engagement.WindowRow;
import dev.reelbeam.model.learning.ArmReward;
import dev.reelbeam.model.port.ArmTeacher;
import dev.reelbeam.model.port.PortFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PDone;
import org.jspecify.annotations.Nullable;

/**
 * Teaches by what videos had earned after a week: the same age for all, or the older ones would
 * seem better. Whoever sent the snapshots, and whoever published the video.
 */
public final class TeachArms extends PTransform<PCollectionTuple, PDone> {
  private static final long serialVersionUID = 1L;

  private final PortFactory<ArmTeacher> teacher;

  private TeachArms(PortFactory<ArmTeacher> teacher) {
    this.teacher = teacher;
  }

  public static TeachArms by(PortFactory<ArmTeacher> teacher) {
    return new TeachArms(teacher);
  }

  @Override
  public PDone expand(PCollectionTuple measured) {
    measured.get(MeasureEngagement.ROWS).apply("Teach", ParDo.of(new TeachFn(teacher)));
    return PDone.in(measured.getPipeline());
  }

  private static final class TeachFn extends DoFn<WindowRow, Void> {
    private static final long serialVersionUID = 1L;
    private static final int AT_ONCE = 1_000;

    private final PortFactory<ArmTeacher> factory;
    private transient @Nullable ArmTeacher teacher;
    private transient List<WindowRow> weeks = new ArrayList<>();

    TeachFn(PortFactory<ArmTeacher> factory) {
      this.factory = factory;
    }

    @Setup
    public void setup() {
      teacher = factory.open();
    }

    @Teardown
    public void teardown() {
      if (teacher != null) {
        teacher.close();
      }
    }

    @StartBundle
    public void start() {
      weeks = new ArrayList<>();
    }

    @ProcessElement
    public void process(@Element WindowRow row) {
      if (ArmReward.Earned.of(row) != null) {
        weeks.add(row);
      }
      if (weeks.size() >= AT_ONCE) {
        finish();
      }
    }

    @FinishBundle
    public void finish() {
      if (!weeks.isEmpty()) {
        Objects.requireNonNull(teacher).teach(weeks);
        weeks = new ArrayList<>();
      }
    }
  }
}
