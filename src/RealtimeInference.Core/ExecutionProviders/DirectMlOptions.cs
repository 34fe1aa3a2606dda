using System.Globalization;

namespace RealtimeInference;

/// <summary>Options of <see cref="ExecutionProvider.DirectMl"/>.</summary>
/// <remarks>Source: ONNX Runtime, DirectML execution provider.</remarks>
public sealed class DirectMlOptions
{
    /// <summary>Gets or sets which DXGI adapter, from 0.</summary>
    /// <value><see langword="null"/> by default: chosen by the preference and the filter.</value>
    public int? DeviceId { get; set; }

    /// <summary>Gets or sets which device is chosen where there are several.</summary>
    /// <value><see cref="DirectMlPreference.Default"/> by default. Has no effect with a <see cref="DeviceId"/>.</value>
    public DirectMlPreference Preference { get; set; }

    /// <summary>Gets or sets which kinds of device may be chosen.</summary>
    /// <value><see cref="DirectMlDeviceFilter.Gpu"/> by default. Has no effect with a <see cref="DeviceId"/>.</value>
    public DirectMlDeviceFilter DeviceFilter { get; set; }

    /// <summary>Gets or sets whether the driver's own implementations of operators are left unused.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool DisableMetacommands { get; set; }

    /// <summary>Gets further options by the provider's own keys; they win over the properties.</summary>
    public IDictionary<string, string> Additional { get; } = new Dictionary<string, string>();

    internal Dictionary<string, string> ToProviderOptions()
    {
        var options = new Dictionary<string, string>();
        if (DeviceId is { } device)
        {
            options["device_id"] = device.ToString(CultureInfo.InvariantCulture);
        }
        else
        {
            options["performance_preference"] = Preference switch
            {
                DirectMlPreference.HighPerformance => "high_performance",
                DirectMlPreference.MinimumPower => "minimum_power",
                _ => "default",
            };
            options["device_filter"] = DeviceFilter switch
            {
                DirectMlDeviceFilter.Npu => "npu",
                DirectMlDeviceFilter.Any => "any",
                _ => "gpu",
            };
        }

        if (DisableMetacommands)
        {
            options["disable_metacommands"] = "true";
        }

        foreach ((string key, string value) in Additional)
        {
            options[key] = value;
        }

        return options;
    }
}
