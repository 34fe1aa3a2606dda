// What a native ONNX Runtime does that is older than the managed package: it has no API of the version asked for.
#include <stddef.h>
#include <stdint.h>

typedef struct {
  const void* (*GetApi)(uint32_t version);
  const char* (*GetVersionString)(void);
} OrtApiBase;

static const void* GetApi(uint32_t version) {
  return version <= 24 ? "an API" : NULL;
}

static const char* GetVersionString(void) {
  return "1.24.4";
}

static const OrtApiBase base = {GetApi, GetVersionString};

const OrtApiBase* OrtGetApiBase(void) {
  return &base;
}
