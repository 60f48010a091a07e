import JSON

/// Scores and their reasons in words.
enum Scores {
    /// Two decimals, as many as a person compares.
    static func text(_ value: JSON?) -> String {
        guard let value = value?.double else { return "-   " }
        return decimals(value, 2)
    }

    static func decimals(_ value: Double, _ places: Int) -> String {
        let scale = (0..<places).reduce(1) { scale, _ in scale * 10 }
        let units = Int((min(abs(value), 1e9) * Double(scale)).rounded())
        let fraction = String(units % scale)
        let sign = value < 0 && units > 0 ? "-" : ""
        return "\(sign)\(units / scale)." + String(repeating: "0", count: places - fraction.count) + fraction
    }

    /// What the score of an answer is, and what it is not.
    static func meaning(_ answer: JSON) -> String {
        let version = answer["weightsVersion"]?.integer.map(String.init) ?? "?"
        if answer.at("/calibration/calibrated")?.bool == true {
            return words(
                "점수는 순서를 정한다(가중치 \(version)판); 확률은 지난 성과로 맞춘 것이다.",
                "The score orders (weights, version \(version)); probabilities are calibrated by past outcomes.")
        }
        guard let needed = answer.at("/calibration/needed")?.integer else {
            return words(
                "점수는 순서를 정할 뿐 확률이 아니다(가중치 \(version)판).",
                "The score orders the list; it is no probability (weights, version \(version)).")
        }
        let outcomes = answer.at("/calibration/outcomes")?.integer ?? 0
        return words(
            "점수는 순서를 정할 뿐 확률이 아니다(가중치 \(version)판; 확률은 성과 \(needed)건부터, 지금 \(outcomes)건).",
            "The score orders the list; it is no probability (weights, version \(version); "
                + "that takes \(needed) outcomes, \(outcomes) so far).")
    }

    /// One reason a component, the one that adds most first; what is the same for every pair says nothing of this one.
    static func strongest(_ reasons: [JSON], _ count: Int) -> [String] {
        var sums: [String: Double] = [:]
        var best: [String: JSON] = [:]
        for reason in reasons {
            guard let component = reason["component"]?.string, !["base", "reciprocity"].contains(component)
            else { continue }
            let contribution = reason["contribution"]?.double ?? 0
            sums[component, default: 0] += contribution
            if contribution > best[component]?["contribution"]?.double ?? 0 { best[component] = reason }
        }
        return best.keys.sorted { (sums[$1] ?? 0, $0) < (sums[$0] ?? 0, $1) }.prefix(count).compactMap {
            best[$0]?[words("ko", "en")]?.string
        }
    }

    /// Components by their names for people; one that is new here keeps its own.
    static func name(_ component: String) -> String {
        switch component {
        case "base": words("출발점", "start")
        case "text": words("글", "text")
        case "field": words("기술 분야", "field")
        case "industry": words("산업", "industry")
        case "trl": words("기술성숙도", "TRL")
        case "region": words("지역", "region")
        case "partnership": words("협력 유형", "partnership")
        case "cluster": words("클러스터", "cluster")
        case "capacity": words("여력", "capacity")
        case "validity": words("유효기간", "validity")
        case "firm": words("기업 형편", "firm")
        case "partners": words("협력 경험", "partners")
        case "outcomes": words("지난 성과", "past outcomes")
        case "record": words("기관 이력", "record")
        case "feedback": words("지난 답", "past answers")
        case "exposure": words("노출 몫", "exposure")
        case "reciprocity": words("양쪽 차이", "sides apart")
        default: component
        }
    }
}
