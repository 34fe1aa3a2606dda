namespace RealtimeInference.Redis;

/// <summary>The script that stores one row: as a whole, with its expiry, unless a newer one is there.</summary>
/// <remarks>
/// A script, because the comparison must be made where the row is: between a read of the old time and a write of the new row another
/// writer could come. Microseconds since 1970 are below 2^53, so Lua compares them exactly. The values go in portions, because
/// Lua's stack does not hold thousands of arguments.
/// </remarks>
internal static class RowScript
{
    public const string Text = """
        local unpack = unpack or table.unpack
        local old = tonumber(redis.call('HGET', KEYS[1], '_ts') or '')
        if old and old > tonumber(ARGV[1]) then
          return 0
        end
        redis.call('DEL', KEYS[1])
        redis.call('HSET', KEYS[1], '_ts', ARGV[1])
        for i = 3, #ARGV, 1000 do
          redis.call('HSET', KEYS[1], unpack(ARGV, i, math.min(i + 999, #ARGV)))
        end
        if ARGV[2] ~= '' then
          redis.call('PEXPIREAT', KEYS[1], ARGV[2])
        end
        return 1
        """;
}
