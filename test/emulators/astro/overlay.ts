import type { Chance } from "../kit/chance.ts";
import { objectId } from "./activities.ts";
import { channelId } from "./people.ts";

/** The whole document of an overlay, as its editor saves it. */
export function overlay(chance: Chance): unknown {
  const at = new Date().toISOString();
  return {
    settings: { width: 1920, height: 1080, name: "1080p" },
    _id: objectId(chance),
    channel: channelId,
    type: "regular",
    name: "River village",
    preview: "https://images.example/astro/overlay-preview.jpg",
    widgets: [alertBox(), label()],
    mobile: false,
    campaign: false,
    favorite: true,
    createdAt: at,
    updatedAt: at,
  };
}

const place = {
  "z-index": 2,
  width: "640px",
  height: "480px",
  opacity: 1,
  top: "90px",
  left: "40px",
};

function alertBox() {
  return {
    ...widget(1, "se-widget-alert-box"),
    version: 2.2,
    listeners: { "tip-latest": true, "follower-latest": true, "raid-latest": true },
    variables: {
      animation: { in: "fadeIn", inDuration: 1, out: "fadeOut", outDuration: 1 },
      follower: { text: "{name} sits down by the river" },
    },
  };
}

function label() {
  return {
    ...widget(2, "text"),
    text: {
      type: "text",
      value: "Building a river village",
      enableShadow: true,
      css: { "font-family": "Nunito", "font-size": 24, color: "#fff", "font-weight": "bold" },
    },
  };
}

function widget(id: number, type: string) {
  return {
    id,
    group: null,
    type,
    name: null,
    visible: true,
    locked: false,
    css: place,
    provider: "twitch",
  };
}
