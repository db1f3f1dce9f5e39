import React from 'react';
import {registerRoot, Composition, AbsoluteFill, Img, Sequence, staticFile, useCurrentFrame} from 'remotion';
import job from './job.json';

const ease = (t) => t * t * (3 - 2 * t);

const Photo = ({shot, frames}) => {
  const frame = useCurrentFrame();
  const share = ease(Math.min(1, frame / (frames - 1)));
  const zoom = shot.from + (shot.to - shot.from) * share;
  const x = (0.5 - (shot.fromX + (shot.toX - shot.fromX) * share)) * 100;
  const opacity = shot.first ? 1 : Math.min(1, (frame + 1) / 13);
  return (
    <AbsoluteFill style={{opacity}}>
      <Img
        src={staticFile(shot.file)}
        style={{width: '100%', height: '100%', objectFit: 'cover', transform: `scale(${zoom}) translateX(${x}%)`}}
      />
    </AbsoluteFill>
  );
};

const Captions = () => {
  const ms = (useCurrentFrame() * 1000) / 30;
  const page = job.pages.find((p) => ms >= p.start && ms < p.end);
  if (!page) return null;
  return (
    <AbsoluteFill style={{top: 1190, height: 150, textAlign: 'center', fontSize: 70, fontWeight: 800, fontFamily: 'sans-serif'}}>
      <div style={{WebkitTextStroke: '3px black', color: 'white'}}>
        {page.words.map((w, i) => (
          <span key={i} style={{color: ms >= w.start && ms < w.end ? '#ffd23f' : 'white'}}>{w.text} </span>
        ))}
      </div>
    </AbsoluteFill>
  );
};

const Job = () => (
  <AbsoluteFill>
    {job.shots.map((shot, i) => {
      const frames = job.shotFrames + (i + 1 < job.shots.length ? 12 : 0);
      return (
        <Sequence key={i} from={i * job.shotFrames} durationInFrames={frames}>
          <Photo shot={shot} frames={frames} />
        </Sequence>
      );
    })}
    <Captions />
  </AbsoluteFill>
);

registerRoot(() => (
  <Composition id="job" component={Job} durationInFrames={job.frames} fps={30} width={1080} height={1920} />
));
