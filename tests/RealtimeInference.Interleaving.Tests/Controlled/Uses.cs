namespace RealtimeInference.Interleaving.Controlled;

/// <summary>How often requests were taken into use and given back.</summary>
internal static class Uses
{
    public static int Begun { get; private set; }

    public static int Ended { get; private set; }

    public static void Reset() => (Begun, Ended) = (0, 0);

    public static bool Begin(bool isInUse)
    {
        if (isInUse)
        {
            Interleaver.Instance.Fail("a request is used twice at a time");
        }

        Begun++;
        return true;
    }

    public static bool End(bool isInUse)
    {
        if (!isInUse)
        {
            Interleaver.Instance.Fail("a request is recycled twice");
        }

        Ended++;
        return false;
    }
}
