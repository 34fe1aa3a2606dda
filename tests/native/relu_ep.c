// A plug-in execution provider that is as small as one can be: it takes Relu nodes and computes them on the CPU.
// Written after the comments of onnxruntime_ep_c_api.h (ONNX Runtime 1.31).
#include <stdlib.h>
#include <string.h>

#include "onnxruntime_c_api.h"

static const char* const kName = "ReluPluginExecutionProvider";
static const OrtApi* api;

#define RETURN_IF_ERROR(call)         \
  do {                                \
    OrtStatus* status = (call);       \
    if (status != NULL) return status; \
  } while (0)

// The computation

static OrtStatus* ORT_API_CALL CreateState(OrtNodeComputeInfo* info, OrtNodeComputeContext* context, void** state) {
  (void)info;
  (void)context;
  *state = NULL;
  return NULL;
}

static OrtStatus* ORT_API_CALL Compute(OrtNodeComputeInfo* info, void* state, OrtKernelContext* context) {
  (void)info;
  (void)state;
  const OrtValue* input;
  OrtValue* output;
  OrtTensorTypeAndShapeInfo* shape;
  size_t rank, count;
  int64_t dims[8];
  void *from, *to;
  RETURN_IF_ERROR(api->KernelContext_GetInput(context, 0, &input));
  RETURN_IF_ERROR(api->GetTensorTypeAndShape(input, &shape));
  RETURN_IF_ERROR(api->GetDimensionsCount(shape, &rank));
  RETURN_IF_ERROR(api->GetDimensions(shape, dims, rank));
  RETURN_IF_ERROR(api->GetTensorShapeElementCount(shape, &count));
  api->ReleaseTensorTypeAndShapeInfo(shape);
  RETURN_IF_ERROR(api->KernelContext_GetOutput(context, 0, dims, rank, &output));
  RETURN_IF_ERROR(api->GetTensorMutableData((OrtValue*)input, &from));
  RETURN_IF_ERROR(api->GetTensorMutableData(output, &to));
  for (size_t i = 0; i < count; i++) {
    float x = ((const float*)from)[i];
    ((float*)to)[i] = x > 0 ? x : 0;
  }
  return NULL;
}

static void ORT_API_CALL ReleaseState(OrtNodeComputeInfo* info, void* state) {
  (void)info;
  (void)state;
}

// The provider

static const char* ORT_API_CALL EpGetName(const OrtEp* ep) {
  (void)ep;
  return kName;
}

static OrtStatus* ORT_API_CALL GetCapability(OrtEp* ep, const OrtGraph* graph, OrtEpGraphSupportInfo* support) {
  (void)ep;
  size_t count;
  RETURN_IF_ERROR(api->Graph_GetNumNodes(graph, &count));
  const OrtNode** nodes = calloc(count + 1, sizeof(*nodes));
  RETURN_IF_ERROR(api->Graph_GetNodes(graph, nodes, count));
  for (size_t i = 0; i < count; i++) {
    const char* type;
    RETURN_IF_ERROR(api->Node_GetOperatorType(nodes[i], &type));
    if (strcmp(type, "Relu") == 0) {
      OrtNodeFusionOptions options = {0};
      options.ort_version_supported = ORT_API_VERSION;
      RETURN_IF_ERROR(api->GetEpApi()->EpGraphSupportInfo_AddNodesToFuse(support, &nodes[i], 1, &options));
    }
  }
  free(nodes);
  return NULL;
}

static OrtStatus* ORT_API_CALL Compile(OrtEp* ep, const OrtGraph** graphs, const OrtNode** nodes, size_t count,
                                       OrtNodeComputeInfo** infos, OrtNode** context_nodes) {
  (void)ep;
  (void)graphs;
  (void)nodes;
  (void)context_nodes;
  for (size_t i = 0; i < count; i++) {
    OrtNodeComputeInfo* info = calloc(1, sizeof(*info));
    info->ort_version_supported = ORT_API_VERSION;
    info->CreateState = CreateState;
    info->Compute = Compute;
    info->ReleaseState = ReleaseState;
    infos[i] = info;
  }
  return NULL;
}

static void ORT_API_CALL ReleaseNodeComputeInfos(OrtEp* ep, OrtNodeComputeInfo** infos, size_t count) {
  (void)ep;
  for (size_t i = 0; i < count; i++) free(infos[i]);
}

// The factory

static const char* ORT_API_CALL FactoryGetName(const OrtEpFactory* factory) {
  (void)factory;
  return kName;
}

static const char* ORT_API_CALL FactoryGetVendor(const OrtEpFactory* factory) {
  (void)factory;
  return "tests";
}

static uint32_t ORT_API_CALL FactoryGetVendorId(const OrtEpFactory* factory) {
  (void)factory;
  return 0;
}

static const char* ORT_API_CALL FactoryGetVersion(const OrtEpFactory* factory) {
  (void)factory;
  return "1.0.0";
}

static OrtStatus* ORT_API_CALL GetSupportedDevices(OrtEpFactory* factory, const OrtHardwareDevice* const* devices,
                                                   size_t count, OrtEpDevice** found, size_t max, size_t* found_count) {
  *found_count = 0;
  for (size_t i = 0; i < count && *found_count < max; i++) {
    if (api->HardwareDevice_Type(devices[i]) == OrtHardwareDeviceType_CPU) {
      RETURN_IF_ERROR(api->GetEpApi()->CreateEpDevice(factory, devices[i], NULL, NULL, &found[*found_count]));
      (*found_count)++;
    }
  }
  return NULL;
}

static OrtStatus* ORT_API_CALL CreateEp(OrtEpFactory* factory, const OrtHardwareDevice* const* devices,
                                        const OrtKeyValuePairs* const* metadata, size_t count,
                                        const OrtSessionOptions* options, const OrtLogger* logger, OrtEp** out) {
  (void)factory;
  (void)devices;
  (void)metadata;
  (void)count;
  (void)options;
  (void)logger;
  OrtEp* ep = calloc(1, sizeof(*ep));
  ep->ort_version_supported = ORT_API_VERSION;
  ep->GetName = EpGetName;
  ep->GetCapability = GetCapability;
  ep->Compile = Compile;
  ep->ReleaseNodeComputeInfos = ReleaseNodeComputeInfos;
  *out = ep;
  return NULL;
}

static void ORT_API_CALL ReleaseEp(OrtEpFactory* factory, OrtEp* ep) {
  (void)factory;
  free(ep);
}

static bool ORT_API_CALL IsStreamAware(const OrtEpFactory* factory) {
  (void)factory;
  return false;
}

static OrtStatus* ORT_API_CALL CreateDataTransfer(OrtEpFactory* factory, OrtDataTransferImpl** transfer) {
  (void)factory;
  *transfer = NULL;
  return NULL;
}

OrtStatus* CreateEpFactories(const char* name, const OrtApiBase* base, const OrtLogger* logger,
                             OrtEpFactory** factories, size_t max, size_t* count) {
  (void)name;
  (void)logger;
  (void)max;
  api = base->GetApi(ORT_API_VERSION);
  OrtEpFactory* factory = calloc(1, sizeof(*factory));
  factory->ort_version_supported = ORT_API_VERSION;
  factory->GetName = FactoryGetName;
  factory->GetVendor = FactoryGetVendor;
  factory->GetVendorId = FactoryGetVendorId;
  factory->GetVersion = FactoryGetVersion;
  factory->GetSupportedDevices = GetSupportedDevices;
  factory->CreateEp = CreateEp;
  factory->ReleaseEp = ReleaseEp;
  factory->IsStreamAware = IsStreamAware;
  factory->CreateDataTransfer = CreateDataTransfer;
  factories[0] = factory;
  *count = 1;
  return NULL;
}

OrtStatus* ReleaseEpFactory(OrtEpFactory* factory) {
  free(factory);
  return NULL;
}
