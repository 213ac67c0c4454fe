import { Component } from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";
import { makeAndRevoke } from "../keys.js";

@Component({ selector: "app-root", template: "<p>Keys</p>" })
class App {
  constructor() {
    Object.assign(globalThis, { makeAndRevoke });
  }
}

bootstrapApplication(App);
