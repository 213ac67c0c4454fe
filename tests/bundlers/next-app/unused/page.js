"use client";

import { createApiKey } from "node-provider-keys";
import { useEffect } from "react";

export default function Page() {
  useEffect(() => {
    globalThis.loaded = true;
  }, []);
  return <p>unused</p>;
}
