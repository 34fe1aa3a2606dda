namespace RealtimeInference;

/// <summary>Where something stands in a JSON text. Lines and columns count from 1.</summary>
internal readonly record struct JsonPosition(int Offset, int Line, int Column);
