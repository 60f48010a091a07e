/// Industry and computing: things, techniques, and what they are used for.
extension ThesaurusTable {
    static let information = """
        data-analysis|데이터 분석;빅데이터 분석;데이터 해석;데이터 통합|data analysis;analytics||big-data=0.5,artificial-intelligence=0.3|\
        C:311
        data-management|데이터 매니지먼트;데이터 관리;데이터 보관;데이터 증가;데이터 생산량|data management;data storage||\
        big-data=0.5,cloud=0.4,data-platform=0.4|C:310
        data-platform|데이터 플랫폼;데이터 허브;오픈랩;데이터 Pool;데이터 공유|data platform;data hub;open data||\
        big-data=0.4,satellite-imagery=0.3|P:732,816,929
        cloud|클라우드;데이터센터|cloud computing;data centre;data center||data-management=0.4|P:905
        edge|엣지 컴퓨팅;엣지컴퓨팅;온디바이스|edge computing;on-device AI||iot=0.4,artificial-intelligence=0.3|know
        privacy|개인정보;가명정보;비식별|privacy;pseudonymised data;anonymisation||security=0.4,data-platform=0.3|P:816
        security|사이버보안;정보보호;사이버안보;해킹;보안|cybersecurity;information security||privacy=0.4,cryptography=0.5|M:803
        cryptography|암호;양자암호;암호화;양자내성암호|cryptography;encryption;post-quantum|QKD;PQC|\
        security=0.5,quantum-computing=0.3|know
        quantum-sensor|양자센서;양자 센서;양자계측|quantum sensor;quantum sensing||sensor=0.4,navigation=0.4|know
        blockchain|블록체인;분산원장|blockchain;distributed ledger||traceability=0.5|know
        traceability|이력추적;위변조 방지;이력 추적;유통 이력|traceability;provenance||blockchain=0.5|know
        network|통신망;5G;6G;이동통신;초고속 통신|5G;6G;mobile network;communications network||iot=0.3|know
        virtual-reality|가상현실;증강현실;혼합현실;확장현실|virtual reality;augmented reality|\
        VR;AR;XR;MR/가상;증강;현실;메타버스;virtual;augmented|metaverse=0.5,virtual-training=0.5|P:113
        virtual-training|가상훈련;가상 훈련;모의 훈련;훈련 시뮬레이터|virtual training;training simulator||\
        virtual-reality=0.5,simulation=0.4,metaverse=0.3|know
        virtual-demonstration|가상 실증;가상실증;가상 시험|virtual demonstration||digital-twin=0.5,metaverse=0.4,simulation=0.4|\
        P:912-915
        language-model|자연어처리;대화형;챗봇;언어모델;언어 모델|natural language processing;language model;chatbot|NLP;LLM|\
        artificial-intelligence=0.5,translation=0.4|know
        translation|번역;통역;음성인식|translation;speech recognition|STT|language-model=0.4,artificial-intelligence=0.4|know
        tutoring|맞춤형 교육;맞춤 교육;튜터;저성과 학생;맞춤형 학습;학습자;교육 격차|tutoring;personalised learning;edtech||\
        artificial-intelligence=0.5,metaverse=0.3|P:2080-2090
        training|인력양성;인력 양성;전문인력;인재 양성;인재양성;양성과정|training;workforce development||talent-demand=0.5|P:2139
        talent-demand|인력 수요;인력수요;인력난;인력 부족;구인난|labour shortage;talent demand||training=0.5|P:1931
        recommendation|추천;매칭;수요-공급;수요·공급|recommender;matching||artificial-intelligence=0.3,data-platform=0.3|P:875
        autonomous-driving|자율주행;무인 주행;자율 주행|autonomous driving;self-driving||\
        lidar=0.5,artificial-intelligence=0.3,mobility=0.5|know
        lidar|라이다;레이더|LiDAR;radar||autonomous-driving=0.4,reconnaissance=0.4,sensor=0.3|know
        mobility|모빌리티;교통시스템;지능형 교통;지능형교통;지능형 이동시스템|mobility;intelligent transport|ITS;C-ITS/교통;도로;자율;transport|\
        autonomous-driving=0.5,traffic=0.5,uam=0.3|P:908
        traffic|교통체증;교통 혼잡;교통문제;교통사고|traffic congestion;traffic||mobility=0.5,autonomous-driving=0.3,smart-city=0.4|know
        smart-city|스마트시티;스마트 시티;도시문제;도시 문제|smart city;urban problem||\
        living-lab=0.4,iot=0.4,big-data=0.3,public-safety=0.3|P:814-822
        living-lab|리빙랩;시민참여;시민 참여;주민참여|living lab;citizen participation||smart-city=0.4,demonstration=0.3|P:819
        logistics|물류;배송;유통|logistics;delivery||supply-chain=0.5,robot=0.3,drone=0.3|P:917
        supply-chain|공급망;공급사슬|supply chain||logistics=0.4,artificial-intelligence=0.3|M:815
        demonstration|실증;테스트베드;시범;현장 검증|demonstration;testbed;pilot||certification=0.3,living-lab=0.3|P:807
        disaster|재난;재해;산불;홍수;지진;침수|disaster;wildfire;flood;earthquake||\
        public-safety=0.5,satellite-imagery=0.3,drone=0.3,monitoring=0.3|P:919
        fire|화재;소방|fire;firefighting||public-safety=0.5,disaster=0.4,sensor=0.3|know
        crime|범죄;방범;치안|crime;policing||public-safety=0.4,machine-vision=0.4,monitoring=0.3|know
        industrial-safety|산업안전;산업재해;작업자 안전;중대재해|industrial safety;worker safety||\
        public-safety=0.4,wearable=0.3,sensor=0.3,robot=0.3|know
        water-industry|물산업;상수도;누수;수질;하수;정수|water industry;water quality;leak||\
        sensor=0.4,artificial-intelligence=0.3,membrane=0.4,monitoring=0.3|P:921
        embedded|임베디드|embedded||software=0.4|C:332
        software-quality|소프트웨어 품질;SW품질;품질역량|software quality||software=0.5|P:905
        """

    static let manufacturing = """
        smart-factory|스마트공장;스마트 공장;스마트팩토리;제조혁신;공정혁신;디지털 제조|smart factory;smart manufacturing||\
        digital-transformation=0.5,iot=0.4,failure-prediction=0.4,digital-twin=0.4,productivity=0.4|P:857-860
        digital-transformation|디지털 전환;디지털전환;디지털화;스마트화|digital transformation|DX/디지털;전환;digital|\
        smart-factory=0.5,big-data=0.3,artificial-intelligence=0.3|P:840-852
        failure-prediction|고장 예측;고장예측;예지보전;예지 보전;설비 진단;이상탐지;이상 탐지;고장 진단|\
        predictive maintenance;anomaly detection;failure prediction|PHM|\
        sensor=0.4,artificial-intelligence=0.4,smart-factory=0.4,monitoring=0.4|know
        productivity|생산성;부가가치;제조 경쟁력;제조역량;가동률|productivity;manufacturing competitiveness||\
        smart-factory=0.4,automation=0.4,robot=0.3|P:840
        automation|자동화;무인화|automation||robot=0.5,smart-factory=0.3,artificial-intelligence=0.3|M:845
        root-industry|뿌리산업;뿌리기업;뿌리기술;주조;금형;용접;도금;열처리|root industry;casting;mould;welding;plating||\
        digital-transformation=0.3,simulation=0.3,precision-machining=0.4|P:849-852
        precision-machining|정밀가공;정밀금형;초정밀;절삭|precision machining;ultra-precision||root-industry=0.3|P:849
        one-piece|일체화;부품 통합|part consolidation;one-piece||additive-manufacturing=0.5,light-weighting=0.4|P:857
        composite|복합재료;복합소재;탄소섬유|composite;carbon fibre;carbon fiber|CFRP|light-weighting=0.5|know
        prototype|시제품;프로토타입|prototype||additive-manufacturing=0.4|P:1475; C:330
        casting-simulation|공정 시뮬레이션;공정 최적화;공정최적화|process simulation;process optimisation||\
        simulation=0.5,smart-factory=0.3,digital-twin=0.3|P:857
        nanomaterial|나노소재;나노 소재;나노입자;그래핀;탄소나노튜브|nanomaterial;nanoparticle;graphene;carbon nanotube|CNT|\
        tem=0.3,composite=0.3|C:282
        coating|코팅;표면처리;표면 처리|coating;surface treatment||corrosion=0.5,antibacterial=0.3|know
        corrosion|부식;방식;내식성|corrosion;anticorrosion||coating=0.5|know
        antibacterial|항균;살균;멸균|antibacterial;sterilisation||plasma=0.4,coating=0.3|know
        plasma|플라즈마|plasma||antibacterial=0.3,etching=0.4,fusion=0.4|know
        thermal-management|방열;냉각;열관리;발열;과열|thermal management;cooling;heat dissipation||\
        battery=0.3,semiconductor=0.3,power-semiconductor=0.3|know
        membrane|분리막;멤브레인;여과;필터|membrane;filter;filtration||water-industry=0.4,battery=0.3|know
        odour|악취;냄새|odour;odor||sensor=0.3,volatile=0.4|know
        air-quality|미세먼지;대기오염;공기질|fine dust;air pollution;air quality|PM2.5|\
        sensor=0.3,membrane=0.3,environment-monitoring=0.4|know
        noise|소음;진동;층간소음|noise;vibration|NVH|sensor=0.3|know
        recycling|재활용;폐기물;자원순환;폐플라스틱;업사이클링|recycling;waste;circular economy||carbon-neutral=0.3,microbe=0.3|know
        display|디스플레이|display|OLED;LCD|display-driver=0.5|P:566
        display-driver|디스플레이 구동칩;구동칩;구동 반도체;디스플레이 구동 반도체|display driver IC|DDI;DDIC|\
        display=0.5,system-semiconductor=0.4|P:566
        system-semiconductor|시스템반도체;시스템 반도체;비메모리;반도체 설계;팹리스|system semiconductor;system on chip;fabless|\
        SoC/반도체;칩;chip;semiconductor|semiconductor=0.5,ai-chip=0.4|P:568
        ai-chip|인공지능 반도체;AI 반도체;신경망처리장치;뉴로모픽|AI semiconductor;neural processing unit;neuromorphic|\
        NPU;PIM/반도체;칩;chip;메모리|system-semiconductor=0.5,artificial-intelligence=0.3,low-power=0.4|know
        low-power|저전력;전력소모;소비전력;전력 소모|low power;power consumption||ai-chip=0.3,system-semiconductor=0.3|know
        power-semiconductor|전력반도체;화합물반도체;질화갈륨;탄화규소|\
        power semiconductor;compound semiconductor;gallium nitride;silicon carbide|GaN;SiC|\
        semiconductor=0.4,electric-vehicle=0.3,inverter=0.4|know
        inverter|전력변환;인버터|inverter;power conversion||power-semiconductor=0.4,photovoltaic=0.3|know
        etching|식각;증착;노광;박막;반도체 공정|etching;deposition;lithography;thin film|ALD;CVD;EUV|semiconductor=0.4,plasma=0.3|\
        know
        packaging|패키징;후공정|packaging;advanced packaging||semiconductor=0.4|C:330
        wafer|웨이퍼;팹;클린룸;공유팹|wafer;fab;cleanroom||semiconductor=0.4,etching=0.3|P:2109
        memory|메모리 반도체;차세대 메모리|memory semiconductor|DRAM;HBM;MRAM|semiconductor=0.5|know
        """

    static let energyAndDefence = """
        energy-storage|에너지저장;에너지 저장|energy storage|ESS|battery=0.5,renewable-energy=0.4|know
        battery-material|양극재;음극재;전해질;전고체|cathode;anode;electrolyte;solid-state battery||battery=0.5|know
        battery-safety|배터리 화재;열폭주;배터리 안전|battery fire;thermal runaway||\
        battery=0.5,thermal-management=0.4,monitoring=0.3,battery-material=0.3|know
        electric-vehicle|전기차;전기자동차;친환경차|electric vehicle|EV/전기;차량;배터리;충전;vehicle;battery|battery=0.4,mobility=0.3|know
        fuel-cell|연료전지;수전해|fuel cell;electrolysis;electrolyser||hydrogen=0.5|know
        carbon-neutral|탄소중립;탄소배출;온실가스;저탄소;탄소 배출;이산화탄소|carbon neutral;greenhouse gas;decarbonisation;carbon dioxide|\
        CO2|carbon-capture=0.5,renewable-energy=0.4,hydrogen=0.3|P:878
        carbon-capture|탄소포집;이산화탄소 포집|carbon capture|CCS;CCUS|carbon-neutral=0.5|know
        wind-power|풍력|wind power;wind turbine||renewable-energy=0.5,marine-energy=0.4|know
        marine-energy|해양 재생에너지;조력;파력;해상풍력|marine renewable energy;tidal power;offshore wind||\
        renewable-energy=0.5,marine=0.5|M:836,1107
        marine|해양;해양산업;해양공학;해양엔지니어링|marine;ocean||unmanned-vessel=0.4,monitoring=0.3,sensor=0.3|M:829-846
        shipbuilding|조선;선박|shipbuilding;ship||unmanned-vessel=0.4,marine=0.4|M:836
        oil-gas|오일·가스;석유;가스전|oil and gas||marine=0.3,monitoring=0.3|M:836
        smart-grid|스마트그리드;전력망;전력 수급;분산에너지|smart grid;power grid||\
        energy-storage=0.5,renewable-energy=0.4,energy-efficiency=0.3|know
        energy-efficiency|에너지 효율;에너지 절감;에너지절감|energy efficiency;energy saving||smart-grid=0.3,iot=0.3|know
        nuclear-power|원자력;원전;소형모듈원자로;방사성|nuclear power;small modular reactor;radioactive|SMR|radiation=0.4|know
        radiation|방사선|radiation||nuclear-power=0.3,detector=0.3|know
        fusion|핵융합|nuclear fusion||plasma=0.4|know
        superconductor|초전도|superconductor;superconducting||mri=0.3|know
        satellite|인공위성;위성|satellite||satellite-imagery=0.4,cubesat=0.5,launcher=0.3|P:725-732
        satellite-service|위성활용;위성정보활용;위성 활용;위성 응용;위성서비스|satellite applications;satellite service||\
        satellite-imagery=0.5,satellite=0.4|P:730; M
        launcher|발사체;로켓;추진체;추진기관|launch vehicle;rocket;propulsion||satellite=0.3,space=0.4|P:725
        space|우주;우주산업;우주항공;뉴스페이스|space industry;aerospace||satellite=0.4,launcher=0.4|P:720
        space-heritage|우주환경시험;우주 환경;우주검증;헤리티지|space environment test;flight heritage||\
        cubesat=0.4,reliability=0.4,space=0.3|P:734,752
        earth-observation|변화 탐지;변화탐지;지구관측;국토 관리;원격탐사|change detection;earth observation;remote sensing|\
        SAR/위성;영상;레이더;satellite|satellite-imagery=0.5|P:731
        navigation|항법;위성항법;위치정보;측위|navigation;positioning|GPS;GNSS|satellite=0.3,drone=0.3|know
        defence|국방;방산;방위산업;무기체계;군수|defence;defense;military||reconnaissance=0.3,drone=0.3,reliability=0.3|P:655-690
        manned-unmanned|유·무인복합체계;유무인복합체계;유무인 복합;무인체계|manned-unmanned teaming;unmanned system|MUM-T|\
        drone=0.5,robot=0.4,defence=0.4,unmanned-vessel=0.4|P:672
        anti-drone|안티드론;불법 드론;드론 탐지|anti-drone;counter-drone||drone=0.4,lidar=0.4|know
        border-watch|경계 감시;해안 감시;국경 감시;경계작전|border surveillance||\
        reconnaissance=0.5,drone=0.4,monitoring=0.3,unmanned-vessel=0.3|know
        infrared|적외선;열화상|infrared;thermal imaging|IR/적외;열화상;카메라;infrared|reconnaissance=0.4,sensor=0.3|know
        stealth|스텔스;전파흡수|stealth;radar absorbing||defence=0.4,composite=0.3|know
        electric-propulsion|전동화;전기추진|electrification;electric propulsion||electric-vehicle=0.4,battery=0.3|know
        aircraft|항공기;항공부품;항공우주 부품|aircraft;aviation||light-weighting=0.4,composite=0.4,uam=0.3|know
        """
}
