namespace RealtimeInference.Redis;

/// <summary>Reads <c>google.protobuf.Timestamp</c>: what Feast stores as the time of a row.</summary>
internal static class FeastTimestamp
{
    /// <summary>Reads the moment; rounded down to 100 ns.</summary>
    /// <returns>Whether the bytes are such a message, and its moment between the years 1 and 9999.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, out DateTimeOffset moment)
    {
        long seconds = 0;
        long nanoseconds = 0;
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            switch (reader)
            {
                case { Field: 1, Type: ProtobufReader.WireType.Varint }:
                    seconds = (long)reader.Number;
                    break;
                case { Field: 2, Type: ProtobufReader.WireType.Varint }:
                    nanoseconds = (long)reader.Number;
                    break;
            }
        }

        return TryCreate(seconds, nanoseconds, out moment) && !reader.IsBroken;
    }

    /// <summary>Makes a moment of seconds since 1970.</summary>
    public static bool TryCreate(long seconds, long nanoseconds, out DateTimeOffset moment)
    {
        // As DateTimeOffset has it: the years 1 to 9999.
        const long Min = -62135596800;
        const long Max = 253402300799;
        bool isMoment = seconds is >= Min and <= Max && nanoseconds is >= 0 and < 1_000_000_000;
        moment = isMoment ? DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanoseconds / 100) : default;
        return isMoment;
    }
}
