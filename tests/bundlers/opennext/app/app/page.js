"use client";

import { useEffect } from "react";
import { makeAndRevoke } from "../keys.js";

export default function Page() {
  useEffect(() => {
    globalThis.makeAndRevoke = makeAndRevoke;
  }, []);
  return <p>Keys</p>;
}
