package dev.reelbeam.pipelines.job;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.Validation;
import org.jspecify.annotations.Nullable;

/** Options of the streaming job. */
public interface GenerateVideosOptions extends JobOptions {
  @Description("YAML with the providers that are asked before the embedded ones, on every worker.")
  @Nullable String getProviders();

  void setProviders(@Nullable String providers);

  @Description("Folder of the cluster.")
  @Validation.Required
  String getHome();

  void setHome(String home);

  @Description("Whether finished videos are laid into the folder of the cluster, too; they stay.")
  @Default.Boolean(false)
  boolean isCopyVideos();

  void setCopyVideos(boolean copy);

  @Description("The pool whose workers render segments.")
  @Default.String("gpu")
  String getRenderPool();

  void setRenderPool(String pool);

  @Description(
      "Encoder of the render pool's machines; auto for what this build has for processors.")
  @Default.String("auto")
  String getRenderEncoder();

  void setRenderEncoder(String encoder);

  @Description(
      "Presets and priorities that other pools render: preview=cpu-render,low=cpu-render:libx264.")
  @Default.String("")
  String getRenderRoutes();

  void setRenderRoutes(String routes);

  @Description("draft, standard or best: of videos whose records ask for none.")
  @Default.String("standard")
  String getRenderQuality();

  void setRenderQuality(String quality);

  @Description("Whether rendering is a job of its own behind a topic.")
  @Default.Boolean(false)
  boolean isSplitRender();

  void setSplitRender(boolean split);

  @Description("Whether this is the job that renders for one with --splitRender.")
  @Default.Boolean(false)
  boolean isRenderOnly();

  void setRenderOnly(boolean renderOnly);

  @Description("Calls under way at once, of each provider and in each worker process.")
  @Default.Integer(8)
  int getCallsInFlight();

  void setCallsInFlight(int calls);

  @Description("Projects of the live lane under way at once: state grows with them.")
  @Default.Integer(32)
  int getLiveProjects();

  void setLiveProjects(int projects);

  @Description("Projects of a backfill under way at once.")
  @Default.Integer(16)
  int getLowProjects();

  void setLowProjects(int projects);

  @Description("Minutes for which a revision that comes again is dropped: state grows with them.")
  @Default.Integer(60)
  int getRepeatsMinutes();

  void setRepeatsMinutes(int minutes);
}
