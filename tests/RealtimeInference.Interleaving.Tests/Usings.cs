// What the linked files mean by these names. What `lock` and value task sources need has its own name only in System.Threading:
// see Controlled/Monitor.cs, Lock.cs and ValueTaskSourceCore.cs.
global using CancellationTokenRegistration = RealtimeInference.Interleaving.Controlled.Registration;
global using Interlocked = RealtimeInference.Interleaving.Controlled.Interlocked;
global using ManualResetEventSlim = RealtimeInference.Interleaving.Controlled.Event;
global using Thread = RealtimeInference.Interleaving.Controlled.Thread;
global using ThreadPool = RealtimeInference.Interleaving.Controlled.ThreadPool;
global using TimeProvider = RealtimeInference.Interleaving.Controlled.Clock;
global using Volatile = RealtimeInference.Interleaving.Controlled.Volatile;
