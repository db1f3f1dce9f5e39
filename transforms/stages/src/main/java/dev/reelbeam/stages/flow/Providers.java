package dev.reelbeam.stages.flow;

import dev.reelbeam.model.port.AssetReader;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.PortFactory;
import dev.reelbeam.model.port.ScriptWriter;
import dev.reelbeam.model.port.SpeechSynthesizer;
import java.io.Serializable;

/** How a worker opens what the stages need from the outside. */
public record Providers(
    PortFactory<ObjectStore> store,
    PortFactory<AssetReader> assets,
    PortFactory<ScriptWriter> scripts,
    PortFactory<SpeechSynthesizer> speech,
    Progress.Factory progress)
    implements Serializable {}
