namespace RealtimeInference;

public sealed partial class PredictionContext
{
    /// <summary>Takes a context for a part of this prediction that may outlive it: the same clock, id, deadline and priority.</summary>
    /// <remarks>Its first stage counts from where this one's last stage ended.</remarks>
    internal PredictionContext Branch()
    {
        PredictionContext branch = Rent(TimeProvider, isTimed: true);
        branch._id = _id;
        branch._deadline = _deadline;
        branch.Priority = Priority;
        branch.HasDefaultedFeatures = HasDefaultedFeatures;
        if (_isTimed)
        {
            branch._mark = _mark;
        }

        return branch;
    }

    /// <summary>Takes over what a branch has found, and the stages that it has ended.</summary>
    internal void Join(PredictionContext branch)
    {
        _id = _id == Guid.Empty ? branch._id : _id;
        ModelName = branch.ModelName ?? ModelName;
        ModelVersion = branch.ModelVersion ?? ModelVersion;
        HasDefaultedFeatures |= branch.HasDefaultedFeatures;
        IsCached |= branch.IsCached;
        if (!_isTimed)
        {
            return;
        }

        foreach (StageTiming timing in branch.Timings)
        {
            if (_timingCount == _timings.Length)
            {
                Array.Resize(ref _timings, _timings.Length * 2);
            }

            _timings[_timingCount++] = timing;
        }

        _mark = branch._mark;
    }
}
