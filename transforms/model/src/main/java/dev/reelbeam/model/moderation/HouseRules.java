package dev.reelbeam.model.moderation;

import java.io.Serializable;
import java.util.List;

/**
 * What a site does not want to say, and what it has to say.
 *
 * @param sites ids of the sites that they hold for; empty for all
 * @param forbidden words and phrases; a {@code *} at the end of a word stands for any ending
 * @param claims phrases that somebody has to be able to prove, likewise
 * @param disclosures one of these has to be heard, or to be read in the description for each
 *     platform; empty if there is nothing to disclose
 * @param block whether forbidden words block; else a person decides
 */
public record HouseRules(
    List<String> sites,
    List<String> forbidden,
    List<String> claims,
    List<String> disclosures,
    boolean block)
    implements Serializable {
  public HouseRules {
    sites = List.copyOf(sites);
    forbidden = List.copyOf(forbidden);
    claims = List.copyOf(claims);
    disclosures = List.copyOf(disclosures);
  }

  /** Whether they hold for a site. */
  public boolean holdFor(String site) {
    return sites.isEmpty() || sites.contains(site);
  }
}
