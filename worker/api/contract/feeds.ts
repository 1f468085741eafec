// Owns the contract of calendar feeds: keys under which a phone's or a team's calendar reads shifts.

import { t, type Endpoint } from "./endpoint.ts";

const user = `${t}/users/{id}/feeds`;
const schedule = `${t}/schedules/{id}/feeds`;
const made = { 201: "{id, url}: the address holds the key and is shown this once", 404: "There is nothing of this name" };

export const feeds = {
  listUserFeeds: {
    method: "get",
    path: user,
    summary: "Feed keys of a person, without the keys",
    tenant: true,
    may: "admin",
    self: "id",
    answers: { 200: "{items: [{id, createdAt, createdBy}]}" },
  },
  createUserFeed: {
    method: "post",
    path: user,
    summary: "A calendar of one person's shifts in every schedule",
    tenant: true,
    may: "admin",
    self: "id",
    answers: made,
  },
  revokeUserFeed: {
    method: "delete",
    path: `${user}/{feed}`,
    summary: "The address stops working",
    tenant: true,
    may: "admin",
    self: "id",
    answers: { 204: "Gone", 404: "There is no such feed" },
  },
  listScheduleFeeds: {
    method: "get",
    path: schedule,
    summary: "Feed keys of a schedule, without the keys",
    tenant: true,
    may: "manager",
    answers: { 200: "{items: [{id, createdAt, createdBy}]}" },
  },
  createScheduleFeed: {
    method: "post",
    path: schedule,
    summary: "A calendar of everybody's shifts in one schedule",
    tenant: true,
    may: "manager",
    answers: made,
  },
  revokeScheduleFeed: {
    method: "delete",
    path: `${schedule}/{feed}`,
    summary: "The address stops working",
    tenant: true,
    may: "manager",
    answers: { 204: "Gone", 404: "There is no such feed" },
  },
} as const satisfies Record<string, Endpoint>;
